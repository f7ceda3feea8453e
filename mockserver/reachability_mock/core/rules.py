"""The rules of the Reachability Indicator, each with the id that everything else quotes.

Code, tests, scenarios, documentation, reports and mutants all name a rule by these ids, so that
"which rule says so?" always has one answer.  Sources are pages of Twilio's documentation.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

_REACHABILITY = "https://www.twilio.com/docs/conversations/reachability"
_INDICATOR = "https://www.twilio.com/docs/conversations/user-reachability-indicator"
_USER = "https://www.twilio.com/docs/conversations/api/user-resource"
_CONFIGURATION = "https://www.twilio.com/docs/conversations/api/service-configuration-resource"
_OURS = "our reading: not documented, see `reachability-mock unknowns`"


class Rule(NamedTuple):
    """One rule: its `id`, what it says in a sentence, and the page it was read from."""

    id: str
    says: str
    source: str


class Rules(Enum):
    """Every rule there is.  `Rules.R9.value.says` is its sentence."""

    R1 = Rule("R1", "The indicator is off by default, service by service.", _CONFIGURATION)
    R2 = Rule(
        "R2",
        "Only ReachabilityEnabled on the Service Configuration switches it.",
        _CONFIGURATION,
    )
    R3 = Rule("R3", "While it is off, both properties are null everywhere.", _REACHABILITY)
    R4 = Rule(
        "R4",
        "is_online is null until the user has been online since the indicator was enabled.",
        _REACHABILITY,
    )
    R5 = Rule("R5", "is_online is true while at least one connection is open.", _INDICATOR)
    R6 = Rule("R6", "is_online is false once the last connection has closed.", _INDICATOR)
    R7 = Rule(
        "R7",
        "is_notifiable follows push bindings: null before the first, true with one, false without.",
        _USER,
    )
    R8 = Rule("R8", "The two properties are independent of each other.", _INDICATOR)
    R9 = Rule("R9", "Both properties are null in every list, whatever the truth.", _REACHABILITY)
    R10 = Rule(
        "R10", "A create answer shows null; an update answer shows what a fetch would.", _OURS
    )
    R11 = Rule(
        "R11",
        "Switched off, the state is forgotten; switched on again, only what is connected or "
        "registered at that moment counts.",
        _REACHABILITY,
    )
    R12 = Rule(
        "R12",
        "The scope is the service: the same identity elsewhere is another user.",
        _REACHABILITY,
    )
    R13 = Rule(
        "R13", "Nobody can write either property: a parameter for it is ignored.", _INDICATOR
    )
    R14 = Rule("R14", "The shown state may lag behind the truth by a delay.", _INDICATOR)

    @property
    def id(self) -> str:
        """The rule's short name, for example ``R9``."""
        return self.value.id


ALL_RULES: tuple[Rule, ...] = tuple(rule.value for rule in Rules)
"""The rules in order, for tables in documents and reports."""
