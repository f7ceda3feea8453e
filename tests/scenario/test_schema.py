"""The schema for editors agrees with the loader, and the file is the one that is generated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from reachability_mock import data
from reachability_mock.scenario.loader import loads
from reachability_mock.scenario.schema import FILE, schema, schema_text
from tests.scenario.acting import complaints
from tests.scenario.test_loader import HEAD, WRONG

VALIDATOR = Draft7Validator(schema())
SHIPPED = sorted(data.scenario_folder().glob("*.yaml"))


def test_the_file_is_current() -> None:
    """If this fails: reachability-mock scenario schema > scenarios/scenario.schema.json."""
    path = data.scenario_folder() / FILE
    assert json.loads(path.read_text(encoding="utf-8")) == schema()
    assert path.read_text(encoding="utf-8") == schema_text()


def test_it_is_a_schema() -> None:
    Draft7Validator.check_schema(schema())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_it_accepts_what_is_shipped(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = [error.message for error in VALIDATOR.iter_errors(yaml.load(text, yaml.BaseLoader))]  # noqa: S506 - the base loader makes nothing but texts
    # The base loader reads every scalar as a text, so only types may be complained about.
    assert all("is not of type" in one or "is not valid under any" in one for one in found), found
    assert not list(VALIDATOR.iter_errors(yaml.safe_load(text.replace("start: ", "start: !!str "))))


ONLY_THE_LOADER = (
    *("alcie", "suport", "pxel", "identty", "^support", "^{alice"),  # which names there are
    *("phone", "tab}", "lose"),  # which devices have been connected
    "^user",  # a doubled key is gone before a schema sees it
)
SHAPE = [marked for marked in WRONG if not any(word in marked for word in ONLY_THE_LOADER)]


@pytest.mark.parametrize("marked", SHAPE)
def test_it_refuses_the_shapes_that_the_loader_refuses(marked: str) -> None:
    text = f"{HEAD}  - {marked.replace('^', '')}\n"
    assert complaints(text)
    assert list(VALIDATOR.iter_errors(yaml.safe_load(text)))


def test_what_it_accepts_loads() -> None:
    text = HEAD + "  - {at: 5s, connect: {user: alice, driver: sdk}, rules: [R5], note: hello}\n"
    assert not list(VALIDATOR.iter_errors(yaml.safe_load(text)))
    assert len(loads(text).timeline) == 1


def test_every_property_has_words_for_the_editor() -> None:
    item = schema()["properties"]["timeline"]["items"]  # type: ignore[index] # JSON is untyped
    for key, one in item["properties"].items():
        assert one["description"], key
