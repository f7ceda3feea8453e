"""The unknowns register: every choice made where Twilio's documentation is silent, and the delays.

Nothing of this kind is decided anywhere else in silence.  Each entry says what the default is and
why, what else it may be, and which step against a live account would settle it.  The few choices
that nobody would want to switch are in ``docs/decisions/0005-silence.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from reachability_mock.durations import duration_text

Value = str | int | bool
_WHOLE = re.compile(r"[0-9]{1,9}")


class BadSetting(ValueError):  # noqa: N818 - the word a person reads; ValueError says the rest
    """A setting that does not exist or cannot have that value; the message names the `choices`."""

    def __init__(self, message: str, choices: Iterable[Value] = ()) -> None:
        """Keep what would have worked, as far as it can be listed."""
        super().__init__(message)
        self.choices = tuple(choices)


class Setting(NamedTuple):
    """One entry: its `id`, default and choices, why it is so, and the `probe` that would tell."""

    id: str
    default: Value
    choices: tuple[Value, ...]
    """What it may be; empty for a duration (``30s``, ``2m``) or a whole number."""
    question: str
    why: str
    probe: str

    @property
    def is_duration(self) -> bool:
        """Whether its values are lengths of time."""
        return isinstance(self.default, str) and not self.choices

    def checked(self, value: object) -> Value:
        """`value` as the register keeps it.

        Raises:
            BadSetting: `value` is none of the choices.
        """
        if self.choices:
            return self._chosen(value)
        if self.is_duration:
            return _duration(self.id, value)
        if not isinstance(value, bool) and _WHOLE.fullmatch(str(value)):
            return int(str(value))
        raise BadSetting(f"{self.id}: {value!r} is not a whole number")

    def _chosen(self, value: object) -> Value:
        for choice in self.choices:
            if value == choice and isinstance(value, bool) == isinstance(choice, bool):
                return choice
            if isinstance(value, str) and value.lower() == str(choice).lower():
                return choice
            if value is None and choice == "null":  # as YAML and JSON read the bare word
                return choice
        listed = ", ".join(str(choice).lower() for choice in self.choices)
        raise BadSetting(f"{self.id}: {value!r} is not one of {listed}", self.choices)


def _duration(name: str, value: object) -> str:
    try:
        return duration_text(value)
    except ValueError as error:
        raise BadSetting(f"{name}: {error}") from None


_LIVE_CLIENT = "connect a JavaScript SDK client and disconnect it, fetching the user once a second"
REGISTER: tuple[Setting, ...] = (
    Setting(
        "online_delay",
        "0s",
        (),
        "How long after a connect does is_online still show the old value?",
        "Twilio speaks of up to a couple of minutes; tests want none unless they ask for it.",
        _LIVE_CLIENT,
    ),
    Setting(
        "offline_delay",
        "0s",
        (),
        "How long after the last disconnect does is_online still show true?",
        "Twilio speaks of up to a couple of minutes; tests want none unless they ask for it.",
        _LIVE_CLIENT,
    ),
    Setting(
        "lost_after",
        "0s",
        (),
        "How long does a socket that vanished without a goodbye still count as open?",
        "Not documented; a clean disconnect has no such time.",
        "connect a client, cut its network, and fetch the user once a second",
    ),
    Setting(
        "token_warning",
        "180s",
        (),
        "How long before an access token expires is a client SDK told so?",
        "Not documented; long enough to fetch another, and never more than a token's last tenth.",
        "connect the SDK with a token of an hour and note when tokenAboutToExpire comes",
    ),
    Setting(
        "offload",
        "lost",
        ("lost", "closed"),
        "Is a client that the service asks to connect again (308) lost until then, or closed?",
        "Not documented; as a lost one it does not flicker while `lost_after` is longer than that.",
        "fetch a user once a second while a deployment of the service moves its client",
    ),
    Setting(
        "update_response",
        "fetch",
        ("fetch", "null"),
        "What does the answer to a user update show of reachability?",
        "The text says that only a fetch shows it; Twilio's example of an update shows true.",
        "update the friendly name of a user who is online and look at the answer",
    ),
    Setting(
        "after_reenable",
        "forget",
        ("forget", "remember"),
        "Is a user who had been online before a disable and enable null or false?",
        "One page says 'since the indicator has been enabled', another 'for this Service'.",
        "bring a user online and off, disable, enable, fetch",
    ),
    Setting(
        "presence_bumps_date_updated",
        default=False,
        choices=(False, True),
        question="Does a change of reachability move the user's date_updated?",
        why="Not documented; a date that moves by itself would surprise more than one that stays.",
        probe="note date_updated, connect the user, fetch again",
    ),
    Setting(
        "delete_default_service",
        "refuse",
        ("refuse", "allow"),
        "Can the account's default Service be deleted?",
        "Not documented; refusing (409/20409) keeps an account usable.",
        "in a throw-away subaccount, delete the default service",
    ),
    Setting(
        "missing_role_status",
        400,
        (400, 404),
        "Which HTTP status has 50100 when a RoleSid names no usable role?",
        "The dictionary gives the code only; other references in a form are refused with 400.",
        "create a user with a RoleSid that does not exist",
    ),
    Setting(
        "cleared_friendly_name",
        "empty",
        ("empty", "null"),
        "What is friendly_name after an update with an empty FriendlyName?",
        "Not documented; an empty text is what was sent.",
        "update a user with FriendlyName= and look at the answer",
    ),
    Setting(
        "unnamed_user",
        "null",
        ("null", "empty"),
        "What is friendly_name of a user who was created without one, or came by connecting?",
        "Captures have null, one client library sees an empty text; it is never the identity.",
        "create a user with Identity alone and look at the answer",
    ),
    Setting(
        "attributes_whitespace",
        "as_sent",
        ("as_sent", "compacted"),
        "Does Attributes come back as it was sent, or with its white space removed?",
        "Not documented; a fake that keeps what it got hides nothing.",
        'create a user with Attributes={ "a" : 1 } and fetch it',
    ),
    Setting(
        "attributes_limit",
        4096,
        (),
        "How many bytes may a user's Attributes have?",
        "The limits page names 4 KB for participants and messages and leaves users out.",
        "create users with 4096, 4097, 16384 and 16385 bytes of Attributes",
    ),
    Setting(
        "configuration_bumps_date_updated",
        default=True,
        choices=(True, False),
        question="Does an update of a Service's Configuration move the Service's date_updated?",
        why="Not documented; they are shown apart, but there is no other date to tell a change.",
        probe="note a service's date_updated, update what is under its Configuration, fetch it",
    ),
    Setting(
        "delete_role_in_use",
        "refuse",
        ("refuse", "allow"),
        "Can a role be deleted that a user has, or that is one of its Service's defaults?",
        "Not documented; refusing (409/20409) leaves no user with a role that is not there.",
        "in a throw-away service, give a user a new role and delete the role, then a default one",
    ),
    Setting(
        "missing_role_parameter",
        "specific",
        ("specific", "generic"),
        "Which code do a role's missing Type and missing Permission get?",
        "50105 and 50104 are the codes for wrong ones; 20001 is Twilio's generic one.",
        "create a role without Type, and one without Permission",
    ),
    Setting(
        "webhook_filter",
        50054,
        (50054, 50365, "accept"),
        "Which code does a name get in Filters that is no event's, if it is refused at all?",
        "50365 is documented for scoped webhooks only; 50054 speaks of webhooks in general.",
        "update a service's webhooks with Filters=onNothing, and the account's",
    ),
    Setting(
        "webhook_method",
        "null",
        ("null", "POST"),
        "What is the method of a service's webhooks that have a URL and were given no method?",
        "An update changes what is sent; before, the service's method is null.",
        "update a fresh service's webhooks with PostWebhookUrl alone",
    ),
    Setting(
        "cleared_webhook_url",
        "null",
        ("null", "empty"),
        "What is a webhook's URL after an update with an empty one?",
        "Not documented; null is what it is before anybody sets it.",
        "update a service's webhooks with PostWebhookUrl= and look at the answer",
    ),
    Setting(
        "notification_template_limit",
        4096,
        (),
        "How many characters may the template of a notification have?",
        "The dictionary has a code for a long one and names no length; a whole push has 4 KB.",
        "update NewMessage.Template with 512, 1024, 2048, 4096 and 4097 characters",
    ),
    Setting(
        "notification_sound_limit",
        256,
        (),
        "How many characters may the name of a notification's sound have?",
        "The dictionary has a code for a long one and names no length; names have 256 elsewhere.",
        "update NewMessage.Sound with 64, 256 and 257 characters",
    ),
    Setting(
        "partial_notifications",
        "absent",
        ("absent", "null"),
        "What becomes of a block's unset keys when one of its notifications is configured?",
        "Before anybody sets one, a block has `enabled` alone; the example that has all sets all.",
        "update a fresh service's notifications with NewMessage.Enabled=true and look",
    ),
    Setting(
        "credential_type",
        20001,
        (20001, 50209),
        "Which code does a credential's missing or unknown Type get?",
        "50209 is a binding's; the dictionary has none for credentials.",
        "create a credential without Type, and with Type=sms",
    ),
    Setting(
        "unnamed_credential",
        "null",
        ("null", "empty"),
        "What is friendly_name of a credential that was created without one?",
        "Not documented; a user that was created without one has null.",
        "create a credential with Type=fcm alone and look at the answer",
    ),
    Setting(
        "large_page_size",
        "clamp",
        ("clamp", "refuse"),
        "What does a PageSize between the resource's maximum and 1000 get?",
        "SDKs send list(limit=500) as PageSize=500, which worked for years: clamping is gentle.",
        "list users with PageSize=51 and look at meta.page_size",
    ),
    Setting(
        "page_without_token",
        "ignore",
        ("ignore", "refuse"),
        "What does Page=3 without a PageToken get?",
        "The token decides; a page number alone is the client's own bookkeeping.",
        "list users with Page=3 and no PageToken",
    ),
    Setting(
        "malformed_page",
        "refuse",
        ("refuse", "ignore"),
        "What does a Page get that is no page's number, such as abc or -1?",
        "It is the client's own bookkeeping, but documented as a number: refusing shows a typo.",
        "list users with Page=abc, and with Page=-1",
    ),
    Setting(
        "head_requests",
        "refuse",
        ("refuse", "as_get"),
        "Is HEAD answered like GET without its body, or with 405?",
        "The live service's CORS headers name GET, POST, DELETE and OPTIONS only.",
        "send HEAD for a user that exists",
    ),
    Setting(
        "not_found_path",
        "short",
        ("short", "full"),
        "Does the message of a 20404 name the path without /v1 or with it?",
        "Most captures have it without; one article of 2025 has it with /v1.",
        "fetch a user that does not exist and read the message",
    ),
)
BY_ID: Mapping[str, Setting] = {setting.id: setting for setting in REGISTER}


def known(name: str) -> Setting:
    """The register's entry `name`.

    Raises:
        BadSetting: there is none; the message names the near one or all.
    """
    setting = BY_ID.get(name)
    if setting is not None:
        return setting
    near = get_close_matches(name, BY_ID, n=1)
    help_ = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(BY_ID)}"
    raise BadSetting(f"no setting {name!r}; {help_}", near or BY_ID)
