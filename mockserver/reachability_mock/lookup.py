"""Finding a service or a user by the names that people give them; a miss names the near ones."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import islice

from reachability_mock.core import sids
from reachability_mock.core.model import Service, User
from reachability_mock.world import World

DEFAULT = "default"
_SHOWN = 10
_LOOKED_AT = 1000
"""Users among whom a near name is looked for."""


class NoSuch(KeyError):  # noqa: N818 - reads as what it says: no such service, no such user
    """Nobody and nothing has that name; the message says what there is."""

    def __str__(self) -> str:
        """The message itself, where a `KeyError` would show it in quotes."""
        return str(self.args[0])


def find_service(world: World, account_sid: str, name: str) -> Service:
    """The service called `name`: ``default``, a SID, or a friendly name that only one has.

    Raises:
        NoSuch: none is called so, or several are.
    """
    with world.lock:
        return _find_service(world, account_sid, name)


def _find_service(world: World, account_sid: str, name: str) -> Service:
    found = services_called(world, account_sid, name)
    if len(found) == 1:
        return found[0]
    if found:
        raise NoSuch(f"{len(found)} services are called {name!r}: name one by its SID")
    known = _names(world, account_sid)
    said = _listed(known) if sids.is_sid("IS", name) else _near(name, known)
    raise NoSuch(f"no service {name!r}; {said}")


def services_called(world: World, account_sid: str, name: str) -> list[Service]:
    """What `name` stands for: ``default``, a SID, or a friendly name, which several may have."""
    account = world.store.account(account_sid)
    sid = account.default_service_sid if account and name == DEFAULT else name
    service = world.store.service(sid)
    if service is not None and service.account_sid == account_sid:
        return [service]
    return [one for one in services_of(world, account_sid) if one.friendly_name == name]


def exists(world: World, account_sid: str, name: str) -> bool:
    """Whether anything is called `name`, so that a new service could not be."""
    if name == DEFAULT or world.store.service(name) is not None:
        return True
    return any(one.friendly_name == name for one in services_of(world, account_sid))


def services_of(world: World, account_sid: str) -> list[Service]:
    """The services of an account, oldest first, as they are at one moment."""
    with world.lock:
        return [service for _, service in world.store.services_of(account_sid).after(-1)]


def users_of(world: World, service_sid: str, most: int | None = None) -> list[User]:
    """The users of a service, oldest first, as they are at one moment; at `most` so many."""
    with world.lock:
        every = world.store.users_of(service_sid).after(-1)
        return [user for _, user in islice(every, most)]


def find_user(world: World, service: Service, identity: str) -> User:
    """The user of `service` whose identity that is.

    Raises:
        NoSuch: nobody there is called so.
    """
    with world.lock:
        user = world.store.user_by_identity(service.sid, identity)
    if user is not None:
        return user
    known = [one.identity for one in users_of(world, service.sid, _LOOKED_AT)]
    where = f"{service.friendly_name!r} ({service.sid})"
    raise NoSuch(f"no user {identity!r} in {where}; {_near(identity, known)}")


def _names(world: World, account_sid: str) -> list[str]:
    services = services_of(world, account_sid)
    return [DEFAULT, *(name for one in services for name in (one.friendly_name, one.sid))]


def _near(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else _listed(known)


def _listed(known: list[str]) -> str:
    if not known:
        return "there is none yet"
    more = f", … ({len(known)} in all)" if len(known) > _SHOWN else ""
    return f"there are: {', '.join(known[:_SHOWN])}{more}"
