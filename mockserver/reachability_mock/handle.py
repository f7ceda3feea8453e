"""The handle of a fake in this process: what a test does to it, and what it sees of it.

def test_somebody_is_there(reachability_mock):
reachability_mock.enable()
reachability_mock.connect("alice")
assert reachability_mock.users["alice"].is_online is True
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

from reachability_mock import clients
from reachability_mock.acts import Acts
from reachability_mock.clock import step_of
from reachability_mock.http.site import Realtime, Site
from reachability_mock.keyring import DEFAULT_SECRET
from reachability_mock.lookup import DEFAULT, services_of
from reachability_mock.requests_log import Requests
from reachability_mock.settings import Settings
from reachability_mock.userview import ServiceView, Users, Why, view_or_new
from reachability_mock.world import World

if TYPE_CHECKING:  # what only some tests need is imported when they ask for it
    import responses
    from twilio.rest import Client

    from reachability_mock.sdk_client import SdkClient


class NoSockets(RuntimeError):  # noqa: N818 - says what is the matter
    """Only a fake that listens has client SDKs' sockets."""


class HandleClock:
    """The fake's time."""

    def __init__(self, world: World) -> None:
        """Of `world`."""
        self._world = world

    def now(self) -> datetime:
        """The present moment, UTC."""
        return self._world.clock.now()

    def advance(self, seconds: float) -> datetime:
        """Move forward and let what has come due happen; says what time it is then.

        Raises:
            ValueError: `seconds` is no number from 0 to a thousand million.
        """
        return self._world.advance(step_of(seconds))


class ReachabilityMock(Acts):
    """A fake and its world; `service` is ``"default"``, a SID or a unique friendly name."""

    def __init__(self, site: Site, folders: tuple[str, ...] = ()) -> None:
        """Handle `site`; scenarios are looked up in `folders` before the shipped ones."""
        self.site = site
        self.world = site.world
        self._keyring = site.keyring
        self.account_sid = site.keyring.default_account
        self.clock = HandleClock(site.world)
        self.requests = Requests(site.world.journal)
        self._folders = folders
        self._sdk_clients: list[SdkClient] = []
        self._closing = ExitStack()
        self._url: str | None = None
        self.world.open_account(self.account_sid)
        site.listen = self.listen

    def __repr__(self) -> str:
        services = services_of(self.world, self.account_sid)
        return f"<reachability_mock {self.account_sid}, {len(services)} service(s)>"

    if not TYPE_CHECKING:  # a type checker names the wrong name itself

        def __getattr__(self, name: str) -> NoReturn:
            near = get_close_matches(name, [one for one in dir(self) if one[0] != "_"], n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise AttributeError(f"reachability_mock has no {name!r}{hint}")

    # --- looking ---------------------------------------------------------------------------------

    @property
    def users(self) -> Users:
        """The users of the default service, by identity."""
        return ServiceView(self.world, self.account_sid).users

    def service(self, name: str = DEFAULT, *, account: str | None = None) -> ServiceView:
        """The service `name`; one that is not there yet is made, a SID with exactly that SID."""
        return view_or_new(self.world, self._account(account), name)

    def why(self, identity: str, *, service: str = DEFAULT, account: str | None = None) -> Why:
        """Which rule makes each property of a user what a fetch shows."""
        return ServiceView(self.world, self._account(account), service).users[identity].why

    @property
    def settings(self) -> Settings:
        """The unknowns and the delays: ``settings.update({"offline_delay": "30s"})``."""
        return self.world.settings

    # --- clients ---------------------------------------------------------------------------------

    def client(self, username: str | None = None, password: str = DEFAULT_SECRET) -> Client:
        """A `twilio.rest.Client` of the default account."""
        return clients.client(username or self.account_sid, password)

    def async_client(self, username: str | None = None, password: str = DEFAULT_SECRET) -> Client:
        """The same for its ``…_async`` methods; there is nothing to close."""
        return clients.async_client(username or self.account_sid, password)

    def sdk_client(
        self,
        identity: str,
        device: str = "sdk",
        *,
        service: str = DEFAULT,
        account: str | None = None,
    ) -> SdkClient:
        """Connect a stand-in for a client SDK: it is told what a real one would be."""
        made = import_module("reachability_mock.sdk_client").SdkClient
        client: SdkClient = made(self.world, self._service(service, account), identity, device)
        self._sdk_clients.append(client)
        return client

    def token(
        self,
        identity: str,
        *,
        service: str = DEFAULT,
        account: str | None = None,
        ttl: int = 3600,
    ) -> str:
        """An access token for a client SDK, good for `ttl` seconds of the system's time."""
        scope = self._service(service, account)
        return clients.token(identity, scope.sid, scope.account_sid, ttl)

    def install(self, rsps: responses.RequestsMock) -> None:
        """Put the fake into a `RequestsMock` whose class does things its own way."""
        import_module("reachability_mock.doors.responses_door").install(rsps, self.site)

    @property
    def url(self) -> str:
        """Where the fake listens, for other processes; asking for it opens the socket."""
        return self._url or self.listen()

    def listen(self) -> str:
        """Open the socket, unless it is open already; returns its `url`."""
        if self._url is None:
            server = import_module("reachability_mock.server").Server(self.site)
            self._url = str(self._closing.enter_context(server).url)
        return self._url

    @property
    def ws_uri(self) -> str:
        """Where a client SDK connects: its option ``{Twilsock: {uri: …}}``; opens the socket."""
        return str(import_module("reachability_mock.wire.twilsock").uri_of(self.url))

    @property
    def realtime(self) -> Realtime:
        """The client SDKs' sockets, and trouble for them: ``realtime.drop("alice")``.

        Raises:
            NoSockets: nobody listens, so there are none.
        """
        if self.site.realtime is None:
            raise NoSockets(
                "there are no sockets here: use reachability_mock_server, or ask for `url` first"
            )
        return self.site.realtime

    # --- the whole -------------------------------------------------------------------------------

    def play(self, name: str) -> None:
        """Play a scenario, by name or file, without waiting; its requests are not counted.

        Raises:
            AssertionError: an expectation was not met; it shows which, and by which rules.
        """
        __tracebackhide__ = True
        with self.requests.not_counting():
            import_module("reachability_mock.played").play_here(self.site, name, self._folders)

    def reset(self) -> None:
        """Forget everything: users, services, requests, settings, SDK clients."""
        self._stop_listening()
        with self.world.lock:
            self.world.reset()
            self.site.fresh()
            self.world.open_account(self.account_sid)
        self._look()

    def settle(self) -> None:
        """Return when nothing is left to do: everything due has happened."""
        self.world.run_due()
        self._look()

    def close(self) -> None:
        """Close the socket, if there is one; the handle's maker does that."""
        self._stop_listening()
        self._closing.close()

    def _look(self) -> None:
        """Let sockets notice a reset, and that time has passed: tokens may have expired."""
        if self.site.realtime is not None:
            self.site.realtime.look()

    def _stop_listening(self) -> None:
        while self._sdk_clients:
            self._sdk_clients.pop().stop_listening()
