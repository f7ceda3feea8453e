"""Reports: results as sentences, and as JUnit's XML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from reachability_mock.scenario.runner import StepResult, Verdict
from reachability_mock.scenario.stage import flow

_FORBIDDEN = {*range(0x20)} - {0x9, 0xA, 0xD} | {0xFFFE, 0xFFFF} | {*range(0xD800, 0xE000)}
_NO_CONTROLS = dict.fromkeys(_FORBIDDEN, "\N{REPLACEMENT CHARACTER}")


def details(result: StepResult) -> Iterator[str]:
    """What there is to say of a result besides its verdict, line by line."""
    if result.reason:
        yield result.reason
    for one in result.differences:
        yield f"{one.where}: expected {_shown(one.expected)}, got {_shown(one.got)}"
    if result.note:
        yield f"({result.note})"


def _shown(value: object) -> str:
    plain = value is None or isinstance(value, str | bool | int | float | list | tuple | dict)
    return flow(value) if plain else repr(value)


def summary(results: Sequence[StepResult]) -> str:
    """How it went, in a line."""
    counts = {verdict: sum(one.verdict is verdict for one in results) for verdict in Verdict}
    said = [f"{n} {verdict.value}" for verdict, n in counts.items() if n]
    return ", ".join(said) or "nothing was played"


def failed(results: Iterable[StepResult]) -> list[StepResult]:
    """The steps that failed."""
    return [one for one in results if one.verdict is Verdict.FAILED]


def explain(results: Iterable[StepResult]) -> str:
    """Every failed step with its place, its rules and its differences: for an assertion."""
    lines = []
    for one in failed(results):
        rules = f" [{', '.join(one.rules)}]" if one.rules else ""
        lines.append(f"{one.file}:{one.line} step {one.index}{rules}: {one.title}")
        lines += [f"    {line}" for line in details(one)]
    return "\n".join(lines)


def junit(results: Iterable[StepResult]) -> str:
    """JUnit's XML: a suite a scenario, a case a step, skipped ones with their reason."""
    top = ET.Element("testsuites", name="reachability-mock scenarios")
    for (name, file), group in groupby(results, key=lambda one: (one.scenario, one.file)):
        cases = list(group)
        suite = ET.SubElement(top, "testsuite", name=_clean(name), tests=str(len(cases)))
        for key, verdict in (("failures", Verdict.FAILED), ("skipped", Verdict.SKIPPED)):
            suite.set(key, str(sum(one.verdict is verdict for one in cases)))
        suite.set("time", f"{sum(one.seconds for one in cases):.6f}")
        suite.set("file", _clean(file))
        for case in cases:
            _case(suite, case)
    return ET.tostring(top, encoding="unicode", xml_declaration=True)


def _case(suite: ET.Element, result: StepResult) -> None:
    case = ET.SubElement(suite, "testcase", classname=_clean(result.scenario))
    case.set("name", _clean(f"{result.index:02} {result.title}"))
    case.set("file", _clean(result.file))
    case.set("line", str(result.line))
    case.set("time", f"{result.seconds:.6f}")
    said = _clean("\n".join(details(result)))
    if result.verdict is Verdict.FAILED:
        ET.SubElement(case, "failure", message=said.partition("\n")[0]).text = said
    elif result.verdict is Verdict.SKIPPED:
        ET.SubElement(case, "skipped", message=said)


def _clean(text: str) -> str:
    """`text` without the characters that XML cannot hold."""
    return text.translate(_NO_CONTROLS)
