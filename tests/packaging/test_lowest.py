"""The fake with the lowest versions of everything that it asks for itself."""

import sys
from pathlib import Path

import pytest

from tests.compatibility.lowest import HERE, lowest, lowest_pytest
from tests.packaging.environments import Environment, run
from tests.packaging.test_install import readme_example


@pytest.mark.slow
@pytest.mark.xdist_group("packaging")
@pytest.mark.skipif(
    sys.version_info[:2] != (3, 11), reason="the oldest versions know no younger Python"
)
def test_the_lowest_versions_do(wheel: Path, tmp_path: Path) -> None:
    pins = {**lowest("twilio", "proxy"), "pytest": lowest_pytest()}
    wanted = [f"{name}=={version}" for name, version in pins.items()]
    environment = Environment.create(tmp_path / "venv", sys.executable)
    python = environment.command("python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    run([*pip, "--disable-pip-version-check", f"{wheel}[twilio,proxy]", *wanted], tmp_path)

    said = run([python, str(HERE / "smoke.py"), str(tmp_path / "ca"), *pins], tmp_path)
    *versions, last = said.splitlines()
    assert last == "fine"
    assert {line.split("==")[0] for line in versions} == set(pins)
    for line in versions:
        name, version = line.split("==")
        assert f"{version}.0.0".startswith(pins[name])

    (tmp_path / "test_example.py").write_text(readme_example())
    assert " passed" in run([python, "-m", "pytest", "test_example.py"], tmp_path)
