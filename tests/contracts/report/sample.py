"""A small report in which everything occurs once."""

from __future__ import annotations

from reachability_contracts.results import Exchange, Report, Result, Settled, Verdict

ACCOUNT = "AC" + "7" * 28 + "beef"
REASON = "alice.is_online: expected true,\ngot null"


def an_exchange(who: str = "the fake", *, online: object = None) -> Exchange:
    body = {"sid": "<US:1>", "identity": "alice", "is_online": online, "is_notifiable": None}
    return Exchange(who, "GET", "/v1/Services/<IS:1>/Users/<US:1>", (), 200, body)


def failed(*exchanges: Exchange) -> Result:
    return Result(
        "scenarios",
        "two-devices",
        "02 expect",
        Verdict.FAILED,
        rules=("R5", "R6"),
        reason=REASON,
        request=f"GET /{ACCOUNT}",
        expected="True",
        got="body.is_online = None",
        file="scenarios/two-devices.yaml",
        line=12,
        exchanges=exchanges,
    )


def a_report() -> Report:
    found = Report(
        [
            Result("scenarios", "two-devices", "01 given", Verdict.PASSED, rules=("R5",)),
            failed(an_exchange()),
            Result("scenarios", "two-devices", "03 wait", Verdict.SKIPPED, reason="no clock"),
            Result("mutants", "R5", "connect_ignored", Verdict.PASSED, rules=("R5",)),
        ]
    )
    found.figures["mutants"] = "1 of 1 killed (0 equivalent)"
    return found


def a_report_with_live_evidence() -> Report:
    found = a_report()
    found.live = {"R5": "2026-11-20"}
    found.settled = [
        Settled("head_requests", "refuse", "as_get", is_settled=True, by="live 2026-11-20"),
        Settled("large_page_size", "clamp", "clamp", is_settled=True, by="live 2026-11-20"),
        Settled("offline_delay", "0s", "takes minutes", is_settled=False),
    ]
    return found
