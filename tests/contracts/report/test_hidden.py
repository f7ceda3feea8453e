"""Secrets, in every format and in every disguise."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from rich.console import Console

from reachability_contracts import report
from reachability_contracts.redact import Redactor
from reachability_contracts.report.hidden import hidden
from reachability_contracts.results import Exchange, Report, Settled
from tests.contracts.report.sample import ACCOUNT, a_report, failed

TOKEN = 'tok"en<of>&the/run+1'
MAIL = "eve.adams@example.com"
PAIR = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()


def on_terminal(found: Report, hide: Redactor) -> str:
    console = Console(width=4000, file=io.StringIO(), record=True)
    report.terminal(found, console, hide)
    return console.export_text()


def annotated(found: Report, hide: Redactor) -> str:
    return "\n".join(report.annotation_lines(found, hide))


FORMATS: dict[str, Callable[[Report, Redactor], str]] = {
    "terminal": on_terminal,
    "markdown": report.markdown,
    "junit": report.junit,
    "json": report.as_json,
    "html": report.html,
    "annotations": annotated,
}
DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent-encoded": lambda text: quote(text, safe=""),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 without padding": lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    "base64, percent-encoded": lambda text: quote(base64.b64encode(text.encode()).decode()),
}


def planted(said: str) -> Report:
    """A report that has `said` wherever a text can be."""
    body = {said: [said, {"deep": f"x {said} y"}]}
    exchange = Exchange(said, "POST", f"/v1/Users?a={said}", ((said, said),), 400, body)
    result = failed(exchange, replace(exchange, who="live 2026-11-20", body=said))
    texts = ("group", "name", "reason", "request", "expected", "got", "file")
    everywhere: dict[str, Any] = dict.fromkeys(texts, f"before {said} after")
    found = Report([replace(result, **everywhere)])
    found.figures[said] = found.figures["scenarios"] = said
    found.tables[said] = [("column",), (said,)]
    found.settled = [Settled("head_requests", said, said, is_settled=True, by=said)]
    return found


def spellings(secret: str) -> list[str]:
    """What must not be found: the secret, and the same as JSON, XML and HTML write it."""
    marked = secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    quoted = (marked.replace('"', entity) for entity in ("&#34;", "&quot;"))
    return [secret, marked, *quoted, json.dumps(secret)[1:-1], quote(secret), quote(secret, "")]


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("name", FORMATS)
def test_no_secret_is_in_any_format_in_any_disguise(name: str, disguise: str) -> None:
    hide = Redactor()
    hide.know([TOKEN])
    for secret in (TOKEN, ACCOUNT, MAIL):
        said = DISGUISES[disguise](secret)
        text = FORMATS[name](planted(said), hide)
        assert not [one for one in {*spellings(secret), *spellings(said)} if one in text]
        assert "before" in text


@pytest.mark.parametrize("name", FORMATS)
def test_the_pair_of_a_request_is_in_no_format(name: str) -> None:
    hide = Redactor()
    hide.know([TOKEN])
    for said in (f"Authorization: Basic {PAIR}", PAIR):
        assert PAIR.rstrip("=") not in FORMATS[name](planted(said), hide)


def test_what_is_no_secret_stays_as_it_was() -> None:
    found = a_report()
    copy = hidden(found, Redactor())
    assert copy.results[0] == found.results[0]
    assert copy.results[1].exchanges == found.results[1].exchanges
    assert copy.results[1].request == "GET /AC…beef"
    assert found.results[1].request == f"GET /{ACCOUNT}"


@pytest.mark.parametrize("name", FORMATS)
def test_half_a_character_can_be_written_to_a_file(name: str) -> None:
    text = FORMATS[name](planted("an emoji's \ud83d half"), Redactor())
    assert "\\ud83d" in text.encode().decode()
