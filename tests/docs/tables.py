"""The generated parts of the documentation: ``python -m tests.docs.tables`` writes them anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from reachability_mock.core.rules import ALL_RULES
from reachability_mock.data import scenario_names
from reachability_mock.register import REGISTER, Setting
from reachability_mock.scenario.find import load_named
from reachability_mock.scenario.kinds import Json, record_schema
from reachability_mock.scenario.step import summary_of
from reachability_mock.scenario.vocabulary import known_expectations, known_steps
from tests.docs import compatibility, options

DOCS = Path(__file__).parents[2] / "docs"


def rules() -> str:
    """The table of rules."""
    rows = [f"| **{rule.id}** | {rule.says} | {_link(rule.source)} |" for rule in ALL_RULES]
    return "\n".join(["| id | rule | read from |", "|---|---|---|", *rows])


def unknowns() -> str:
    """The unknowns, a section each."""
    return "\n\n".join(_unknown(setting) for setting in REGISTER)


def _unknown(setting: Setting) -> str:
    choices = ", ".join(f"`{str(one).lower()}`" for one in setting.choices)
    kind = choices or ("a length of time: `30s`, `2m`" if setting.is_duration else "a number")
    return (
        f"### `{setting.id}`\n\n{setting.question}\n\n"
        f"* default: `{str(setting.default).lower()}` · may be: {kind}\n"
        f"* why: {setting.why}\n* would be settled by: {setting.probe}"
    )


def steps() -> str:
    """Every step and every kind of expectation, from their registries."""
    rows = [
        *((_call(key, one.schema()), one) for key, one in known_steps().items()),
        *(
            (f"expect: {{{_call(key, record_schema(one))}}}", one)
            for key, one in known_expectations().items()
        ),
    ]
    head = ["| step | what it does |", "|---|---|"]
    return "\n".join([*head, *(f"| `{call}` | {summary_of(one)} |" for call, one in rows)])


def _call(key: str, schema: Json) -> str:
    """A step with its fields: those that may be left out behind those that may not."""
    fields, needed = schema.get("properties"), schema.get("required", [])
    if not isinstance(fields, dict) or not isinstance(needed, list):
        return f"{key}: …"
    may = [name for name in fields if name not in needed]
    return f"{key}: {{{', '.join([*needed, *(f'{name}?' for name in may)])}}}"


def shipped() -> str:
    """The scenarios that ship, each with the first sentence of its comment."""
    found = [(name, load_named(name).about) for name in scenario_names()]
    head = ["| scenario | what it teaches |", "|---|---|"]
    return "\n".join([*head, *(f"| `{name}` | {about} |" for name, about in found)])


def _link(source: str) -> str:
    return f"[{source.rsplit('/', 1)[1]}]({source})" if source.startswith("http") else source


TABLES: dict[tuple[str, str], Callable[[], str]] = {
    ("rules.md", "rules"): rules,
    ("unknowns.md", "unknowns"): unknowns,
    ("scenarios.md", "steps"): steps,
    ("scenarios.md", "shipped"): shipped,
    ("configuration.md", "options"): options.table,
    ("compatibility.md", "compatibility"): compatibility.table,
}


def rendered(text: str, name: str, table: str) -> str:
    """`text` with the part called `name` replaced by `table`."""
    begin, end = f"<!-- begin generated: {name} -->", f"<!-- end generated: {name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    assert pattern.search(text), f"no part called {name}"
    return pattern.sub(lambda _: f"{begin}\n{table}\n{end}", text)


def main() -> None:
    """Write every generated part anew."""
    for (file, name), table in TABLES.items():
        path = DOCS / file
        path.write_text(rendered(path.read_text(), name, table()))


if __name__ == "__main__":
    main()
