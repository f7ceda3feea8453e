"""Mutants of answers: types, dates, URLs and defaults that are not what they should be."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from reachability_contracts.mutants.patch import Patch, Shelf
from reachability_mock.core import presence, services, users
from reachability_mock.http.call import Call
from reachability_mock.wire import resources

MUTANTS = Shelf()
mutant = MUTANTS.mutant


@mutant("edge:types")
def online_is_text(patch: Patch) -> None:
    """is_online is the text "true" or "false"."""
    _user(patch, lambda body: {"is_online": _text(body["is_online"])})


@mutant("edge:types")
def null_is_left_out(patch: Patch) -> None:
    """A property that is null is left out of a user."""

    def less(real: Any, *args: Any) -> Any:
        return {name: value for name, value in real(*args).items() if value is not None}

    patch.around(resources.user, less)


@mutant("edge:types")
def attributes_are_an_object(patch: Patch) -> None:
    """Attributes is an object instead of a text of JSON."""
    _user(patch, lambda body: {"attributes": json.loads(str(body["attributes"]))})


@mutant("edge:types")
def name_defaults_to_identity(patch: Patch) -> None:
    """A user without a friendly name shows its identity there."""
    _user(patch, lambda body: {"friendly_name": body["friendly_name"] or body["identity"]})


@mutant("edge:types")
def sid_in_capitals(patch: Patch) -> None:
    """A user's SID is in capitals."""
    _user(patch, lambda body: {"sid": str(body["sid"]).upper()})


@mutant("edge:types")
def camel_case(patch: Patch) -> None:
    """A user shows isOnline instead of is_online."""

    def renamed(real: Any, *args: Any) -> Any:
        body = real(*args)
        body["isOnline"] = body.pop("is_online")
        return body

    patch.around(resources.user, renamed)


@mutant("edge:types")
def role_is_a_name(patch: Patch) -> None:
    """role_sid is the name of the role."""
    _user(patch, lambda _: {"role_sid": "service user"})


@mutant("edge:urls")
def urls_of_the_service_path(patch: Patch) -> None:
    """What is reached by the default service's path shows the service's URLs."""

    def other(real: Any, noun: Any, scope: Any, place: Any, *rest: Any) -> Any:
        return real(noun, scope, place._replace(service_sid=scope.sid), *rest)

    patch.around(resources.user, other)


@mutant("edge:urls")
def urls_of_the_default_path(patch: Patch) -> None:
    """What is reached by the service's path shows the default path's URLs."""

    def other(real: Any, noun: Any, scope: Any, place: Any, *rest: Any) -> Any:
        return real(noun, scope, place._replace(service_sid=None), *rest)

    patch.around(resources.user, other)


@mutant("edge:urls")
def urls_are_relative(patch: Patch) -> None:
    """A user's url is a path without a host."""
    _user(patch, lambda body: {"url": "/v1/" + str(body["url"]).partition("/v1/")[2]})


@mutant("edge:urls")
def urls_name_the_live_host(patch: Patch) -> None:
    """Every URL names the live service, whatever host was asked."""

    def live(real: Any, *args: Any) -> Any:
        return real(*args)._replace(root="https://conversations.twilio.com/v1")

    patch.method(Call, "place", live)


@mutant("edge:urls")
def url_has_the_identity(patch: Patch) -> None:
    """A user's url ends in its identity instead of its SID."""
    _user(
        patch,
        lambda body: {"url": str(body["url"]).replace(str(body["sid"]), str(body["identity"]))},
    )


@mutant("edge:urls")
def links_missing(patch: Patch) -> None:
    """A service has no links."""

    def less(real: Any, *args: Any) -> Any:
        return {**real(*args), "links": {}}

    patch.around(resources.service, less)


@mutant("edge:dates")
def dates_with_fractions(patch: Patch) -> None:
    """Dates have milliseconds."""
    patch.around(resources.date, lambda real, moment: real(moment)[:-1] + ".000Z")


@mutant("edge:dates")
def dates_with_an_offset(patch: Patch) -> None:
    """Dates end in +00:00 instead of Z."""
    patch.around(resources.date, lambda real, moment: real(moment)[:-1] + "+00:00")


@mutant("edge:dates")
def date_updated_frozen(patch: Patch) -> None:
    """date_updated of a user never moves."""

    def frozen(real: Any, fact: Any, moment: Any) -> Any:
        before = moment.records.user(fact.service_sid, fact.user_sid)
        return _dated(real(fact, moment), date_updated=before.date_updated if before else None)

    patch.around(users.edited, frozen)


@mutant("edge:dates")
def empty_update_moves_date(patch: Patch) -> None:
    """An update that changes nothing moves date_updated."""

    def moving(real: Any, fact: Any, moment: Any) -> Any:
        changes = real(fact, moment)
        return _dated(changes, date_updated=moment.at)

    patch.around(users.edited, moving)


@mutant("edge:dates")
def presence_moves_date(patch: Patch) -> None:
    """Connecting moves date_updated although the setting says not to."""

    def moving(real: Any, fact: Any, moment: Any) -> Any:
        return _dated(real(fact, moment), date_updated=moment.at)

    patch.around(presence.connected, moving)


@mutant("edge:dates")
def update_moves_date_created(patch: Patch) -> None:
    """An update moves date_created, too."""

    def moving(real: Any, fact: Any, moment: Any) -> Any:
        return _dated(real(fact, moment), date_created=moment.at)

    patch.around(users.edited, moving)


@mutant("edge:dates")
def born_updated(patch: Patch) -> None:
    """A new user's date_updated is later than its date_created."""

    def later(real: Any, *args: Any) -> Any:
        user = real(*args)
        return replace(user, date_updated=user.date_created + timedelta(seconds=1))

    patch.around(presence.new_user, later)


@mutant("edge:dates")
def configuration_date_frozen(patch: Patch) -> None:
    """date_updated of a service does not move when its Configuration changes."""

    def frozen(real: Any, records: Any, fact: Any, *rest: Any) -> Any:
        before = records.service(fact.service_sid)
        return _dated(real(records, fact, *rest), date_updated=before.date_updated)

    patch.around(services.configured, frozen)


@mutant("edge:answers")
def name_not_kept(patch: Patch) -> None:
    """The answer to an update shows the new name; a fetch afterwards shows the old one."""

    def echo(real: Any, fact: Any, moment: Any) -> Any:
        return replace(real(fact, moment), puts=())

    patch.around(users.edited, echo)


@mutant("edge:answers")
def wrong_account(patch: Patch) -> None:
    """account_sid in a user is another account's."""
    _user(patch, lambda _: {"account_sid": "AC" + "f" * 32})


def _user(patch: Patch, changed: Any) -> None:
    """Let users be rendered with some values changed."""

    def wrong(real: Any, *args: Any) -> Any:
        body = real(*args)
        return {**body, **changed(body)}

    patch.around(resources.user, wrong)


def _dated(changes: Any, **dates: Any) -> Any:
    """`changes` with other dates on its subject."""
    sid = changes.subject.sid
    moved = replace(changes.subject, **dates)
    others = tuple(put for put in changes.puts if put.sid != sid)
    return replace(changes, subject=moved, puts=(moved, *others))


def _text(value: object) -> object:
    return value if value is None else str(value).lower()
