"""The JSON Schema of scenario files, generated from the registered steps, for editors.

Draft 7, which every editor's YAML support speaks.  It knows the shape; what only the loader knows
(which users there are, that time runs forward) `scenario check` says.
"""

from __future__ import annotations

import json

from reachability_mock.register import REGISTER, Setting
from reachability_mock.scenario import kinds
from reachability_mock.scenario.given import given_schema
from reachability_mock.scenario.kinds import Json
from reachability_mock.scenario.step import summary_of
from reachability_mock.scenario.vocabulary import known_steps

FILE = "scenario.schema.json"
"""What the schema's file is called, beside the scenarios."""
LINE = f"# yaml-language-server: $schema=./{FILE}"
"""The comment that tells an editor where the schema is."""


def schema() -> Json:
    """The whole schema."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A reachability-mock scenario",
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "start": {
                "description": "The time at which it begins, where the clock can be set.",
                "type": "string",
            },
            "settings": {
                "type": "object",
                "additionalProperties": False,
                "properties": {one.id: _setting(one) for one in REGISTER},
            },
            "given": given_schema(),
            "timeline": {"type": "array", "items": _item()},
        },
    }


def schema_text() -> str:
    """The schema as the file has it."""
    return json.dumps(schema(), indent=2) + "\n"


def _setting(one: Setting) -> Json:
    if one.choices:
        return {"description": one.question, "enum": list(one.choices)}
    if one.is_duration:
        return {"description": one.question, **kinds.DURATION.schema()}
    return {"description": one.question, "type": "integer", "minimum": 0}


def _item() -> Json:
    known = known_steps()
    properties: Json = {
        "at": {
            "description": 'When: "90s" after the start, "+90s" after the step before.',
            "anyOf": [
                {"type": "string", "pattern": r"^\+?\s*\d+(\.\d+)?\s*(ms|s|m|h)?$"},
                {"type": "number", "minimum": 0},
            ],
        },
        "rules": {"description": "The rules that this shows.", **kinds.RULES.schema()},
        "note": {"description": "What a reader should notice.", "type": "string"},
    }
    for key, step in known.items():
        properties[key] = {"description": summary_of(step), **step.schema()}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "oneOf": [{"required": [key]} for key in known],
    }
