"""Built once per session: a wheel (from the sdist, as an index would get it) and the sdist."""

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.packaging.environments import Environment, run
from tests.tools import ROOT


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one `.tar.gz` and one `.whl`, built without the network."""
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)], ROOT)
    return folder


@pytest.fixture(scope="session")
def wheel(dist: Path) -> Path:
    (found,) = dist.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def sdist(dist: Path) -> Path:
    (found,) = dist.glob("*.tar.gz")
    return found


@pytest.fixture(scope="session")
def unpacked(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sdist's own top folder, unpacked: a checkout without git."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (top,) = folder.iterdir()
    return top


@pytest.fixture(scope="session")
def tracked() -> set[str]:
    """Return what git keeps, or would keep once added: the truth the archives are held against."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so there is no list to compare with")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.check_output(command, cwd=ROOT, text=True)
    return {name for name in names.splitlines() if (ROOT / name).is_file()}


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """Return a new, empty environment of the Python that runs the tests."""
    return Environment.create(tmp_path / "venv", sys.executable)
