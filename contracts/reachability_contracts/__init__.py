"""The contract suite: proves that the fake, and one day the live service, keep `openapi.yaml`.

A team that runs the fake, or a server like it, checks its own deployment in a test:

    from reachability_contracts import check_server

    def test_our_fake_keeps_the_contract():
        assert check_server("http://fake.internal:4010").failed == []
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reachability_contracts.results import Report

__all__ = ["check_server"]


def check_server(url: str, account_sid: str | None = None, auth_token: str | None = None) -> Report:
    """Judge the server at `url` by HTTP alone; `failed` of the report is what is broken.

    Raises:
        SafetyStop: it is the live service, for which there is `reachability-mock contract live`.
        Unreachable: nobody answers, or not to these credentials.
    """
    # schemathesis takes a second to import, which nobody should pay who only imports this.
    from reachability_contracts.checking import Options, check  # noqa: PLC0415 - see above
    from reachability_contracts.stages import Credentials  # noqa: PLC0415 - see above

    built_in = Credentials()
    credentials = Credentials(account_sid or built_in.username, auth_token or built_in.password)
    return check(Options(url=url, credentials=credentials))
