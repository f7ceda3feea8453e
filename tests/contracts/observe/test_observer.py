"""The observer: traffic passes whatever goes wrong in the watching."""

from __future__ import annotations

from reachability_contracts.observe.finding import Answer, Outcome
from reachability_contracts.observe.observer import Observer
from reachability_contracts.observe.watching import Watching

LEAK = {"users": [{"is_online": True, "is_notifiable": None}]}


def test_what_is_found_is_handed_on_with_its_second() -> None:
    kept: list[Outcome] = []
    observer = Observer(Watching(), kept.append, lambda: 7.5)
    observer.finish(observer.begin("GET", "/v1/Users", {}), Answer(200, LEAK))
    assert [getattr(one, "at", None) for one in kept] == [7.5]


def test_a_fault_of_ours_is_counted_and_goes_no_further() -> None:
    def broken(_: Outcome) -> None:
        raise RuntimeError("ours")

    observer = Observer(Watching(), broken)
    observer.finish(observer.begin("GET", "/v1/Users", {}), Answer(200, LEAK))
    assert observer.faults == 1
