"""The table of options, from the command line's declarations and the fake's own."""

from __future__ import annotations

import ast
import inspect
from dataclasses import MISSING, fields

import click

from reachability_mock import options
from reachability_mock.cli.run import run
from reachability_mock.cli.serve import serve

_NOTHING = "—"


def table() -> str:
    """Every option once."""
    rows = [_row(name) for name in options.all_names()]
    head = ["| option | on the command line | for | default | what |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows])


def on_the_command_line() -> dict[str, click.Option]:
    """What `serve` may be told, by name."""
    found = [one for one in serve.params if isinstance(one, click.Option)]
    return {one.name: one for one in found if one.name}


def in_tests() -> dict[str, str]:
    """What a fake inside a process may be told, by name, and what it says of itself."""
    (tree,) = ast.parse(inspect.getsource(options.Options)).body
    assert isinstance(tree, ast.ClassDef)
    said = {}
    for field, text in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            assert isinstance(text, ast.Expr), f"{field.target.id} says nothing of itself"
            said[field.target.id] = inspect.cleandoc(ast.literal_eval(text.value))
    return said


def _row(name: str) -> str:
    option, said = on_the_command_line().get(name), in_tests().get(name)
    of_run = {one.name for one in run.params}
    where = [("tests", said), ("`serve`", option), ("`run`", name in of_run)]
    what = said or (option.help if option else "") or ""
    many = " …" if option and option.multiple else ""
    shown = f"`--{name.replace('_', '-')}`{many}" if option else _NOTHING
    places = ", ".join(place for place, there in where if there)
    what = what.partition(" [default")[0].replace("``", "`").replace("\n", " ")
    return f"| `{name}` | {shown} | {places} | {_default(name, option)} | {what} |"


def _default(name: str, option: click.Option | None) -> str:
    if option is not None and option.help and "[default: " in option.help:
        return option.help.partition("[default: ")[2].rstrip("]")
    if option is not None:
        value = option.to_info_dict()["default"]
    else:
        (field,) = (one for one in fields(options.Options) if one.name == name)
        value = field.default if field.default is not MISSING else None
    return _NOTHING if value in (None, False, ()) or "UNSET" in repr(value) else f"`{value}`"
