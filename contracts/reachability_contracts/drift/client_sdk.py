"""The installed client SDK, read from its typings, against what the fake's wire side knows of it.

Only what presence needs: the client, its users, why they change, how it connects, and what it
expects the server to tell it at the start.  Conversations and messages are not compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from reachability_contracts.drift import typings
from reachability_contracts.drift.comparing import Difference, lacking, of_shapes
from reachability_contracts.drift.shapes import Shape, Unreadable
from reachability_mock.clock import system_now
from reachability_mock.core import sids
from reachability_mock.core.events import Reason
from reachability_mock.core.facts import MESSAGE_TYPES, AccountOpened
from reachability_mock.core.model import BindingType
from reachability_mock.keyring import Keyring
from reachability_mock.realtime.view import View
from reachability_mock.wire.session_asking import Asking, Request
from reachability_mock.wire.session_users import get_configuration
from reachability_mock.wire.token import Claims
from reachability_mock.world import World

PACKAGE = "@twilio/conversations"


def differences(folders: Sequence[Path]) -> Iterator[Difference]:
    """Between what we know and what the typings declare under the same names.

    Raises:
        Skipped: there is no SDK, or nothing to read it with.
        Unreadable: its typings are not to be read.
    """
    ours = known()
    theirs = declared(folders, ours)
    yield from lacking("declaration", "", ours, theirs)
    for name in ours.keys() & theirs.keys():
        yield from _of_name(name, ours[name], theirs[name])


def _of_name(name: str, ours: Shape, theirs: Shape) -> Iterator[Difference]:
    """Value by value if there are values, so that knowing one more never hides another."""
    if ours.enum is not None and theirs.enum is not None:
        yield from lacking("value", f"{name} ", ours.enum, theirs.enum)
    else:
        members = {key: replace(one, enum=None) for key, one in theirs.properties.items()}
        yield from of_shapes(name, ours, replace(theirs, properties=members))


def declared(folders: Sequence[Path], names: Iterable[str]) -> dict[str, Shape]:
    """What the SDK's typings declare under `names`.

    Raises:
        Skipped: as above.
        Unreadable: as above.
    """
    sdk = typings.package(PACKAGE, folders)
    entry = sdk.about.get("types")
    if not isinstance(entry, str):
        raise Unreadable(f"{sdk.folder}: its package.json names no typings")
    said = typings.asked(folders, sdk.folder / entry, names=names)
    return typings.shapes(said)


def known() -> dict[str, Shape]:
    """What the wire side and its documentation take for granted, by the SDK's names."""
    return {
        "Client": _members(
            reachabilityEnabled=_BOOLEAN,
            user=_OBJECT,
            connectionState=_STRING,
            getUser=_FUNCTION,
            getSubscribedUsers=_FUNCTION,
            updateToken=_FUNCTION,
            shutdown=_FUNCTION,
            setPushRegistrationId=_FUNCTION,
            unsetPushRegistrationId=_FUNCTION,
            removePushRegistrations=_FUNCTION,
        ),
        "User": _members(
            identity=_STRING,
            friendlyName=_shape("string", nullable=True),
            attributes=_shape("string", "number", "boolean", "object", "array", nullable=True),
            isOnline=_shape("boolean", nullable=True),
            isNotifiable=_shape("boolean", nullable=True),
            isSubscribed=_BOOLEAN,
            updateFriendlyName=_FUNCTION,
            updateAttributes=_FUNCTION,
            unsubscribe=_FUNCTION,
            **dict.fromkeys(_USER_EVENTS, _STRING),
        ),
        "ClientEvents": _members(**dict.fromkeys(_CLIENT_EVENTS, _FUNCTION)),
        "ClientOptions": _optional(Twilsock=_OBJECT, logLevel=_STRING),
        "ConnectionError": _members(terminal=_BOOLEAN, message=_STRING),
        "ConnectionState": _values(_CONNECTION_STATES),
        "State": _values(["initialized", "failed"]),
        "UserUpdateReason": _values(one.value for one in Reason),
        "NotificationsChannelType": _values(one.value for one in BindingType),
        "PushNotificationType": _values(f"twilio.conversations.{one}" for one in MESSAGE_TYPES),
        "ConfigurationResponse": replace(_of_json(_configuration()), required=False),
    }


# --- what we know --------------------------------------------------------------------------------

_CONNECTION_STATES = ("connecting", "connected", "disconnecting", "disconnected", "denied")
_USER_EVENTS = ("updated", "userSubscribed", "userUnsubscribed")
_CLIENT_EVENTS = (
    "stateChanged",
    "initialized",
    "initFailed",
    "connectionStateChanged",
    "connectionError",
    "tokenAboutToExpire",
    "tokenExpired",
    "userUpdated",
    "userSubscribed",
    "userUnsubscribed",
)


def _shape(*types: str, nullable: bool = False) -> Shape:
    return Shape(types=frozenset(types), nullable=nullable, required=True)


_STRING, _BOOLEAN = _shape("string"), _shape("boolean")
_OBJECT, _FUNCTION = _shape("object"), _shape("function")


def _values(values: Iterable[str]) -> Shape:
    return Shape(types=frozenset({"string"}), enum=frozenset(values))


def _members(**members: Shape) -> Shape:
    return Shape(types=frozenset({"object"}), properties=members)


def _optional(**members: Shape) -> Shape:
    return _members(**{name: replace(one, required=False) for name, one in members.items()})


def _of_json(value: object) -> Shape:
    """The shape of what the fake really says."""
    if isinstance(value, dict):
        inside = {key: _of_json(one) for key, one in value.items()}
        return replace(_OBJECT, properties=inside)
    return _shape(_JSON_TYPES[type(value)])


_JSON_TYPES = {bool: "boolean", int: "number", str: "string", list: "array"}


def _configuration() -> object:
    """What the fake tells a client that asks who it is and where everything is."""
    account = sids.DEFAULT_ACCOUNT
    service = sids.default_service_sid(account)
    world = World()
    world.submit(AccountOpened(account, service))
    claims = Claims("alice", account, service, expires=system_now())
    asking = Asking(claims, View(world, Keyring()), "http://127.0.0.1", system_now())
    steps = get_configuration(asking, Request("GET", "/Client/v2/Configuration", (), {}, None))
    try:
        next(steps)
    except StopIteration as done:
        return done.value.body
    raise AssertionError("a configuration is answered at once")
