"""The mutant score: which suite notices which mutant, and whether anybody notices all of them.

It proves that the suites are not vacuous.  A survivor that is not equivalent fails: somebody has to
add the scenario or the check that was missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from reachability_contracts import document, fuzz, plays, probes
from reachability_contracts.conformance import Conformance
from reachability_contracts.mutants import ALL_MUTANTS, FellOver, Mutant
from reachability_contracts.results import Result, Verdict
from reachability_contracts.stages import Broken, InProcess
from reachability_mock.scenario.target import TargetFailed

SUITE = "mutants"
Noticed = str | None
"""Where a mutant was noticed, or None."""


@dataclass(slots=True)
class Scored:
    """One mutant, and which suites noticed it where."""

    mutant: Mutant
    noticed: dict[str, Noticed] = field(default_factory=dict)
    fell_over: str = ""
    """How its own code failed, if it did: then nothing that was noticed counts."""

    @property
    def is_killed(self) -> bool:
        """Whether any suite noticed it, and not only that it fell over."""
        return any(self.noticed.values()) and not self.fell_over

    @property
    def is_fine(self) -> bool:
        """Killed or, if it is equivalent, not; and in order itself."""
        right = self.is_killed is (self.mutant.equivalent_because is None)
        return right and not self.fell_over


def by_scenarios(mutant: Mutant) -> Noticed:
    """Play the scenarios until a step fails, those that name the broken rule first."""
    edge = mutant.breaks.startswith("edge:")
    some = sorted(
        plays.scenarios(),
        key=lambda one: mutant.breaks not in one.rules and not (edge and one.name[:4] == "edge"),
    )
    try:
        failure = plays.first_failure(some)
    except TargetFailed as failed:
        return f"the scenario cannot go on: {failed}"
    return f"{failure.group}:{failure.line}" if failure else None


def by_document(mutant: Mutant) -> Noticed:
    """Judge the answers that the scenarios get by the document."""
    del mutant
    conformance = Conformance(host="https://conversations.twilio.com")
    for scenario in plays.scenarios():
        for _ in plays.played(scenario, plays.in_process(scenario, conformance.watch)):
            if conformance.wrong:
                return next(iter(conformance.wrong.values())).name
    return None


def by_probes(mutant: Mutant) -> Noticed:
    """Ask the probes."""
    del mutant
    results = probes.probe(InProcess(), has_default_key=True)
    return next((one.name for one in results if one.verdict is Verdict.FAILED), None)


def by_schemathesis(mutant: Mutant) -> Noticed:
    """Run schemathesis at its default depth, until something is found."""
    del mutant
    for run in (fuzz.run_seeded, fuzz.run_stateful):
        try:
            results, _ = run(InProcess(), fuzz.Settings(), first_only=True)
        except Broken as broken:
            return f"set-up: {broken}"
        found = next((one for one in results if one.verdict is Verdict.FAILED), None)
        if found is not None:
            return found.name
    return None


JUDGES: dict[str, Callable[[Mutant], Noticed]] = {
    "scenarios": by_scenarios,
    "document": by_document,
    "probes": by_probes,
    "schemathesis": by_schemathesis,
}


CHEAP = ("scenarios", "document", "probes")
"""The suites that judge a mutant in a fraction of a second."""


def scored(
    suites: Iterable[str], mutants: Iterable[Mutant] = ALL_MUTANTS, *, all_of_them: bool = False
) -> Iterator[Scored]:
    """Each mutant as the `suites` judge it: the first that notices it, or all of them."""
    names = tuple(suites)
    document.document()  # loaded before anything is patched, like the scenarios
    plays.scenarios()
    for mutant in mutants:
        one = Scored(mutant)
        for name in names:
            if one.is_killed and not all_of_them:
                break
            try:
                with mutant.applied():
                    one.noticed[name] = JUDGES[name](mutant)
            except FellOver as fallen:
                one.fell_over = str(fallen)
        yield one


def result_of(one: Scored) -> Result:
    """A mutant's fate, as a result."""
    where = "; ".join(f"{suite}: {place}" for suite, place in one.noticed.items() if place)
    reason = where or "nobody noticed it"
    if one.mutant.equivalent_because:
        reason = f"equivalent: {one.mutant.equivalent_because}"
        if one.is_killed:
            reason = f"said to be equivalent, but noticed at {where}"
    if one.fell_over:
        reason = one.fell_over
    return Result(
        SUITE,
        one.mutant.breaks,
        one.mutant.id,
        Verdict.PASSED if one.is_fine else Verdict.FAILED,
        rules=(one.mutant.breaks,) if one.mutant.breaks.startswith("R") else (),
        reason=f"{one.mutant.says} {reason}",
        expected="equivalent" if one.mutant.equivalent_because else "a suite fails",
        got="" if one.is_fine else reason,
        file="contracts/reachability_contracts/mutants",
    )


def verdict_line(all_of_them: list[Scored]) -> str:
    """N of N killed (M equivalent)."""
    real = [one for one in all_of_them if one.mutant.equivalent_because is None]
    killed = sum(one.is_killed for one in real)
    equivalent = len(all_of_them) - len(real)
    return f"{killed} of {len(real)} killed ({equivalent} equivalent)"


def matrix(all_of_them: list[Scored], suites: Iterable[str]) -> list[tuple[str, ...]]:
    """Which suite noticed which mutant where; a blank was not asked, a dash did not notice."""
    names = tuple(suites)
    rows: list[tuple[str, ...]] = [("mutant", "breaks", *names)]
    for one in all_of_them:
        cells = (one.noticed.get(name, "") for name in names)
        rows.append((one.mutant.id, one.mutant.breaks, *(cell or _blank(cell) for cell in cells)))
    return rows


def _blank(cell: Noticed) -> str:
    return "-" if cell is None else ""
