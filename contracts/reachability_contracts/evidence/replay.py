"""The fake's side of a comparison: a scenario played here under the conditions of a recording.

What the recorded service could not do (make somebody online, say) the fake is not asked to do
either: else a later answer would differ for a reason that is no fault of anybody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

import requests

from reachability_contracts import plays
from reachability_contracts.evidence.heard import Watch
from reachability_contracts.evidence.normalise import Normaliser
from reachability_contracts.evidence.recording import Recorded, recorded
from reachability_contracts.redact import Redactor
from reachability_contracts.stages import ORIGIN, Adapter
from reachability_mock.scenario.model import Scenario
from reachability_mock.scenario.target import Need, Person, Request
from reachability_mock.targets.http import HttpTarget

WHO = "the fake"


def replayed(scenario: Scenario, lacked: Mapping[str, str], hide: Redactor) -> list[Recorded]:
    """The steps of `scenario` as the fake in this process answers them."""
    session = requests.Session()
    site = plays.fresh_site(scenario)
    session.mount(ORIGIN, Adapter(lambda: site))

    def target(watch: Watch) -> HttpTarget:
        return _Limited(session, lacked, watch)

    return list(recorded(scenario, target, Normaliser(ORIGIN, hide, WHO)))


class _Limited(HttpTarget):
    """The fake, by HTTP without a socket, as helpless as the recorded service was."""

    def __init__(self, session: requests.Session, lacked: Mapping[str, str], watch: Watch) -> None:
        super().__init__(ORIGIN, own_services=True, watch=watch, session=session)
        self._lacked = lacked

    def lacks(self, need: Need) -> str | None:
        return self._lacked.get(need.value) or (None if need is Need.SDK else super().lacks(need))

    def _by_sdk(self, driver: str | None) -> bool:
        """The control plane stands in for the SDK, which needs a socket."""
        del driver
        return False

    def edit(
        self, person: Person, friendly_name: str | None = None, attributes: str | None = None
    ) -> None:
        """What the user did by its SDK has no exchange in the recording, and gets none here."""
        said = {"FriendlyName": friendly_name, "Attributes": attributes}
        form = tuple((name, value) for name, value in said.items() if value is not None)
        path = f"/v1/Services/{person.service_sid}/Users/{quote(person.identity, safe='')}"
        heard, self._watch = self._watch, None
        try:
            self.rest(Request("POST", path, form=form))
        finally:
            self._watch = heard
