"""The page: one file that loads nothing, for every screen, in which nothing is there twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any

import pytest

from reachability_contracts import plays, report
from reachability_contracts.redact import Redactor
from reachability_contracts.results import Exchange, Report, Result, Verdict
from reachability_mock.core.rules import ALL_RULES
from reachability_mock.scenario.target import Reply, Request
from reachability_mock.settings import REGISTER
from tests.contracts.report.sample import (
    a_report,
    a_report_with_live_evidence,
    an_exchange,
    failed,
)

VOID = {"meta", "link", "br", "img", "input", "hr"}
LOADING = {"script", "link", "img", "iframe", "object", "embed", "base", "form", "audio", "video"}
EVIL = """</pre><script>alert(1)</script><img src="http://evil.test/x" onerror='x'>&amp;"""


@dataclass
class Element:
    name: str
    attributes: dict[str, str | None]
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Element]:
        for child in self.children:
            yield child
            yield from child

    def all(self, name: str) -> list[Element]:
        return [one for one in self if one.name == name]

    def by_id(self, name: str) -> Element:
        (found,) = [one for one in self if one.attributes.get("id") == name]
        return found

    @property
    def text(self) -> str:
        return " ".join(" ".join([*self.said, *(one.text for one in self.children)]).split())


class Tree(HTMLParser):
    """Builds a tree, and insists that every element is closed in its turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.top = self._open = Element("top", {})
        self.feed(text)
        self.close()
        assert self._open is self.top, f"<{self._open.name}> is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"<{tag}> has an attribute twice"
        new = Element(tag, dict(attrs), self._open)
        self._open.children.append(new)
        if tag not in VOID:
            self._open = new

    def handle_endtag(self, tag: str) -> None:
        assert tag == self._open.name, f"</{tag}> closes <{self._open.name}>"
        assert self._open.parent is not None
        self._open = self._open.parent

    def handle_data(self, data: str) -> None:
        self._open.said.append(data)


def page(found: Report) -> Element:
    return Tree(report.html(found, Redactor())).top


def two_sided() -> Report:
    """A difference between the live service and the fake, and what else there may be."""
    found = a_report_with_live_evidence()
    live, fake = an_exchange("live 2026-11-20", online=True), an_exchange()
    found.add([replace(failed(live, fake), suite="parity")])
    return found


@pytest.mark.parametrize("found", [Report(), a_report(), two_sided()], ids=["empty", "some", "all"])
def test_it_is_well_formed_and_its_links_lead_somewhere(found: Report) -> None:
    top = page(found)
    ids = [name for one in top if (name := one.attributes.get("id"))]
    assert len(ids) == len(set(ids))
    inner = [str(one.attributes["href"]) for one in top.all("a")]
    assert {one[1:] for one in inner if one.startswith("#")} <= set(ids)
    assert {str(one.attributes["headers"]) for one in top if "headers" in one.attributes} <= set(
        ids
    )


def test_it_loads_nothing_and_its_policy_forbids_it() -> None:
    text = report.html(two_sided(), Redactor())
    top = Tree(text).top
    assert not [one.name for one in top if one.name in LOADING]
    assert not [name for one in top for name in one.attributes if name in {"src", "srcset"}]
    assert not [name for one in top for name in one.attributes if name.startswith("on")]
    assert {one.name for one in top if "href" in one.attributes} == {"a"}
    assert "url(" not in text
    assert "@import" not in text
    policy = next(one for one in top.all("meta") if "http-equiv" in one.attributes)
    assert policy.attributes["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_it_is_for_every_screen_and_says_its_language() -> None:
    top = page(a_report())
    assert top.all("html")[0].attributes["lang"] == "en"
    (viewport,) = [one for one in top.all("meta") if one.attributes.get("name") == "viewport"]
    assert viewport.attributes["content"] == "width=device-width, initial-scale=1"
    (style,) = [one.text for one in top.all("style")]
    assert "(prefers-color-scheme:dark)" in style
    assert "@media (max-width:" in style
    assert "@media print" in style


def test_every_table_has_a_caption_and_headers_with_a_scope() -> None:
    found = two_sided()
    found.tables["coverage"] = [("operation", "answers"), ("GET /v1/Users", "200: 3")]
    tables = page(found).all("table")
    assert len(tables) == 4
    for table in tables:
        assert table.all("caption")[0].text
        assert {one.attributes.get("scope") for one in table.all("th")} == {"col", "row"}
        assert all(one.text for one in table.all("th"))


def test_ink_can_be_read_on_every_ground_in_light_and_in_dark() -> None:
    (style,) = [one.text for one in page(a_report()).all("style")]
    themes = [
        dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", block))
        for block in re.findall(r":root\{([^}]*)\}", style)
    ]
    assert len(themes) == 2
    for theme in themes:
        inks = ("ink", "quiet", "link", "good", "bad", "warn")
        pairs = [(ink, ground) for ink in inks for ground in ("ground", "raised")]
        for ink, ground in [*pairs, ("warn", "warned"), ("ink", "marked")]:
            assert contrast(theme[ink], theme[ground]) >= 4.5, (ink, ground)


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_what_is_broken_comes_first_and_is_open() -> None:
    top = page(two_sided())
    sections = [one.attributes.get("id") for one in top.all("section") if "side" not in said(one)]
    assert sections == ["broken", "rules", "unknowns", "checked", "rest"]
    faults = top.by_id("broken").all("details")
    assert len(faults) == 2
    assert all("open" in one.attributes for one in faults)
    text = faults[0].text
    for words in ("two-devices: 02 expect", "got null", "GET /AC…beef", "True", "= None"):
        assert words in text


def said(element: Element) -> str:
    return str(element.attributes.get("class"))


def test_a_kept_contract_has_nothing_broken() -> None:
    found = a_report()
    found.results = [one for one in found.results if one.verdict is not Verdict.FAILED]
    top = page(found)
    assert "✓ the contract is kept: 2 passed, 1 skipped" in top.all("header")[0].text
    assert "broken" not in {one.attributes.get("id") for one in top}


def test_a_rules_row_opens_to_its_steps() -> None:
    top = page(a_report())
    row = top.by_id("R5-row")
    assert row.all("a")[0].attributes["href"] == "#R5"
    steps = top.by_id("R5")
    assert steps.name == "details"
    assert "open" in steps.attributes
    assert [one.text for one in steps.all("h4")] == ["scenarios: two-devices", "mutants: R5"]
    assert "01 given" in steps.text
    (link,) = [one for one in steps.all("a") if one.text == "02 expect"]
    fault = top.by_id(str(link.attributes["href"])[1:])
    assert "open" in fault.attributes


def test_every_rule_and_every_unknown_has_a_row() -> None:
    top = page(Report())
    for rule in ALL_RULES:
        assert rule.says in top.by_id(f"{rule.id}-row").text
    unknowns = top.by_id("unknowns").all("tbody")[0].all("tr")
    assert len(unknowns) == len(REGISTER)
    assert all("nobody has looked" in row.text for row in unknowns)
    for setting, row in zip(REGISTER, unknowns, strict=True):
        assert setting.question in row.text
        assert setting.probe in row.text


def test_an_unknown_that_is_other_than_the_fakes_default_stands_out() -> None:
    top = page(a_report_with_live_evidence())
    row = top.by_id("head_requests").parent
    assert row is not None
    (cell,) = [one for one in row.all("td") if said(one) == "different"]
    assert cell.text == "DIFFERENT: as_get"


def test_without_live_evidence_a_banner_says_so() -> None:
    (banner,) = [one for one in page(a_report()) if said(one) == "banner"]
    assert "live evidence: none." in banner.text
    assert not [one for one in page(two_sided()) if said(one) == "banner"]


def test_two_answers_stand_side_by_side_with_their_difference_marked() -> None:
    top = page(two_sided())
    (pair,) = [one for one in top if said(one) == "sides"]
    assert [one.text for one in pair.all("h5")] == ["live 2026-11-20", "the fake"]
    assert [one.text for one in pair.all("mark")] == ['"is_online": true,', '"is_online": null,']


def test_a_step_of_two_rules_is_in_full_under_the_first_and_linked_to_from_the_other() -> None:
    body = {"identity": "once-and-no-more" * 20}
    exchange = replace(an_exchange(), body=body)
    step = replace(failed(exchange), verdict=Verdict.PASSED)
    text = report.html(Report([step]), Redactor())
    assert text.count("once-and-no-more") == 20
    top = Tree(text).top
    (here,) = top.by_id("R5").all("details")
    (link,) = top.by_id("R6").all("a")
    assert link.attributes["href"] == f"#{here.attributes['id']}"


def test_whatever_a_server_answers_is_text() -> None:
    exchange = Exchange(EVIL, "GET", EVIL, ((EVIL, EVIL),), 200, {EVIL: [EVIL]})
    texts = ("group", "name", "reason", "request", "expected", "got", "file")
    everywhere: dict[str, Any] = dict.fromkeys(texts, EVIL)
    results = [
        replace(failed(exchange, replace(exchange, who="x", body=EVIL)), **everywhere),
        Result(EVIL, EVIL, EVIL, Verdict.PASSED, reason=EVIL),
    ]
    found = Report(results, {EVIL: EVIL}, {EVIL: [(EVIL,), (EVIL,)]})
    top = page(found)
    assert not top.all("script")
    assert not top.all("img")
    assert "<script>alert(1)</script>" in top.by_id("broken").text
    assert all("script" not in str(name) for one in top for name in one.attributes)


def test_with_the_exchange_of_every_step_it_stays_small() -> None:
    found = Report()
    for scenario in plays.scenarios():
        heard: list[Exchange] = []
        target = plays.in_process(scenario, heard_by(heard))
        for step in plays.played(scenario, target):
            found.add([replace(step, exchanges=tuple(heard))])
            heard.clear()
    assert sum(len(one.exchanges) for one in found.results) > 300
    assert len(report.html(found, Redactor()).encode()) < 1_000_000


def heard_by(heard: list[Exchange]) -> Callable[[Request, Reply], None]:
    def watch(asked: Request, got: Reply) -> None:
        exchange = Exchange("x", asked.method, asked.path, asked.form, got.status, got.body)
        heard.append(exchange)

    return watch
