"""A fake in this process: REST through its app, presence as facts, events from its bus.

Nothing here opens a socket.  `default` is the account's default service.  What a scenario names is
made anew on every play and stays there afterwards, to be looked at.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from secrets import token_hex
from threading import Lock
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from reachability_mock.bus import Published
from reachability_mock.core import sids
from reachability_mock.core.errors import Refused
from reachability_mock.core.events import ConnectionClosed, ConnectionOpened, UserUpdated
from reachability_mock.core.facts import (
    Connected,
    ConnectionLost,
    Disconnected,
    Fact,
    PushRegistered,
    PushUnregistered,
    ServiceCreated,
)
from reachability_mock.core.model import BindingType
from reachability_mock.core.why import why
from reachability_mock.http import wsgi
from reachability_mock.http.site import Site
from reachability_mock.keyring import Access, Keyring
from reachability_mock.scenario.target import (
    DEFAULT,
    Credentials,
    Need,
    Notice,
    NoticeKind,
    Opening,
    Person,
    Reply,
    Request,
    Stopped,
    TargetFailed,
    Trouble,
)
from reachability_mock.settings import BadSetting, Value
from reachability_mock.targets import opening as openings
from reachability_mock.targets.sdk import SDK, SdkClients
from reachability_mock.wire.token import Signer
from reachability_mock.wire.twilsock import uri_of
from reachability_mock.world import World

AUTHORITY = "conversations.twilio.com"
_TOKEN = "0" * 32
Watch = Callable[[Request, Reply], None]
"""Told of every REST exchange: for whoever checks answers against the contract."""
NO_SOCKET = "nobody listens for client SDKs here: play it on a server"


class InProcessTarget:
    """A `Target` over a site of this process."""

    name = "the fake in this process"
    keeps = True

    def __init__(
        self,
        site: Site,
        *,
        account_sid: str | None = None,
        watch: Watch | None = None,
        driver: str | None = None,
        halted: Callable[[], bool] = lambda: False,
    ) -> None:
        """Play on `site`; the scenario's default account is `account_sid`, or the site's own.

        `driver` is for the steps that name none.  Once `halted` says so nothing is done any more:
        who lets it become true while holding the world's lock has the world to himself from then.
        """
        self._halted = halted
        self._signers: dict[str, Signer] = {}
        self._world = site.world
        self._whole = site
        self._driver = driver
        self._sdk = SdkClients(self._uri, self._signer, self.rest, self._sockets)
        self._default_account = account_sid or site.keyring.default_account
        self._watch = watch
        self._accounts: dict[str, str] = {DEFAULT: self._default_account}
        # The scenario's own door: it knows its accounts, however strict the site is to others.
        keyring = Keyring(Access.STRICT, default_account=self._default_account)
        self._site = Site(site.world, keyring, hint=site.hint)
        self._notices: list[Notice] = []
        self._numbers = count(1)
        self._lock = Lock()
        self._stop: Callable[[], None] | None = None

    @property
    def in_real_time(self) -> bool:
        """Whether an SDK is being driven."""
        return self._sdk.running

    def lacks(self, need: Need) -> str | None:
        """Everything is here but, perhaps, a socket and the real SDK."""
        if need is Need.PRESENCE and self._driver == SDK:
            need = Need.SDK
        if need in {Need.SDK, Need.SOCKETS} and self._whole.listen is None:
            return NO_SOCKET
        return self._sdk.why_not() if need is Need.SDK else None

    def begin(self, settings: Mapping[str, object]) -> None:
        """Change the settings, and listen from now on."""
        try:
            with self._acting():
                _change_settings(self._world, settings)
        except BadSetting as error:
            raise TargetFailed(str(error)) from None
        self._notices = []
        self._stop = self._world.bus.subscribe(self._hear)

    def end(self) -> None:
        """Listen no longer, let the SDKs go, and believe their keys no more."""
        self._sdk.stop()
        while self._signers:
            self._whole.keyring.keys.pop(self._signers.popitem()[1].key_sid, None)
        if self._stop:
            self._stop()
            self._stop = None

    @contextmanager
    def _acting(self) -> Iterator[None]:
        """Hold the world for one act, unless the play was stopped."""
        with self._world.lock:
            self._go_on()
            yield

    def _go_on(self) -> None:
        if self._halted():
            raise Stopped("the play was stopped")

    # --- what is given ---------------------------------------------------------------------------

    def open_account(self, name: str, sid: str | None) -> str:
        """Open the account and let the scenario in."""
        if name == DEFAULT:
            sid = sid or self._default_account
        account = sid or sids.derived("AC", self._default_account, name)
        self._accounts[name] = account
        self._site.keyring.accounts[account] = _TOKEN
        with self._acting():
            self._world.open_account(account)
        return account

    def open_service(self, opening: Opening) -> str:
        """The default service, the one with the SID that is asked for, or a new one."""
        if opening.sid:
            return self._with_sid(opening, opening.sid)
        if opening.name == DEFAULT:
            return openings.default_service(self.rest, opening.account)
        return openings.replaced(self.rest, opening)

    def _with_sid(self, opening: Opening, sid: str) -> str:
        account = self._accounts[opening.account]
        service = self._world.store.service(sid)
        if service is None:
            self._submit(ServiceCreated(account, sid, opening.friendly_name))
        elif service.account_sid != account:
            raise TargetFailed(f"the service {sid} belongs to another account")
        openings.switched_off(self.rest, sid, opening.account)
        return sid

    # --- REST ------------------------------------------------------------------------------------

    def rest(self, request: Request) -> Reply:
        """Ask the app."""
        body = form_of(request)
        headers = [*request.headers, *self._authorization(request)]
        if body:
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        target = wsgi.Target("https", AUTHORITY, request.path, request.query)
        with self._acting():
            answer = wsgi.exchange(self._site, request.method, target, headers, body)
        found = {name.lower(): value for name, value in answer.headers}
        reply = Reply(answer.status, parsed(answer.body), found)
        if self._watch:
            self._watch(request, reply)
        return reply

    def _authorization(self, request: Request) -> list[tuple[str, str]]:
        if request.credentials is Credentials.NONE:
            return []
        token = _TOKEN if request.credentials is Credentials.RIGHT else "wrong"
        pair = f"{self._accounts[request.account]}:{token}".encode()
        return [("Authorization", f"Basic {base64.b64encode(pair).decode()}")]

    # --- presence --------------------------------------------------------------------------------

    def connect(self, person: Person, device: str, *, driver: str | None = None) -> None:
        """Open a connection."""
        if self._by_sdk(driver):
            self._sdk.connect(person, device)
            return
        new = self._world.new_sid("US")
        self._submit(Connected(person.service_sid, person.identity, device, new))

    def disconnect(self, person: Person, device: str, *, driver: str | None = None) -> None:
        """Close a connection cleanly."""
        if self._by_sdk(driver):
            self._sdk.disconnect(person, device)
            return
        self._submit(Disconnected(person.service_sid, person.identity, device))

    def lose(self, person: Person, device: str, *, driver: str | None = None) -> None:
        """Let a connection vanish."""
        if self._by_sdk(driver):
            self._sdk.lose(person, device)
            return
        self._submit(ConnectionLost(person.service_sid, person.identity, device))

    def register_push(
        self, person: Person, kind: str, address: str, *, driver: str | None = None
    ) -> str:
        """Register for push."""
        if self._by_sdk(driver) and (driver or self._sdk.can_register(person, kind)):
            return self._sdk.register(person, kind, address)
        fact = PushRegistered(
            person.service_sid,
            person.identity,
            self._world.new_sid("BS"),
            self._world.new_sid("US"),
            BindingType(kind),
            address,
        )
        return self._submit(fact)

    def unregister_push(self, person: Person, binding_sid: str) -> None:
        """End a registration, in the way in which it was made."""
        self._go_on()
        if not self._sdk.unregister(binding_sid):
            self._submit(PushUnregistered(person.service_sid, binding_sid))

    def edit(
        self, person: Person, friendly_name: str | None = None, attributes: str | None = None
    ) -> None:
        """Let a user edit itself."""
        self._go_on()
        self._sdk.edit(person, friendly_name, attributes)

    def _by_sdk(self, driver: str | None) -> bool:
        self._go_on()
        return (driver or self._driver) == SDK

    def _submit(self, fact: Fact) -> str:
        try:
            with self._acting():
                subject = self._world.submit(fact).subject
        except Refused as refused:
            problem = refused.problem
            raise TargetFailed(f"{problem.status}/{problem.code} {problem.message}") from None
        return subject.sid if subject else ""

    # --- client SDKs -----------------------------------------------------------------------------

    def trouble(self, trouble: Trouble) -> None:
        """Make trouble for the sockets."""
        self._go_on()
        self._listening()
        realtime = self._whole.realtime
        if realtime is None:
            raise TargetFailed(NO_SOCKET)
        person = trouble.person
        whom = {"identity": person.identity, "service_sid": person.service_sid} if person else {}
        make_it: Callable[..., object] = getattr(realtime, trouble.kind.replace("-", "_"))
        make_it(**whom, **trouble.values)

    def _listening(self) -> str:
        if self._whole.listen is None:
            raise TargetFailed(NO_SOCKET)
        return self._whole.listen()

    def _uri(self) -> str:
        return uri_of(self._listening())

    def _signer(self, person: Person) -> Signer:
        """A key of the play's own, which the site believes while it lasts."""
        account = self._accounts[person.account]
        if account not in self._signers:
            signer = Signer(f"SK{token_hex(16)}", token_hex(16), account)
            self._whole.keyring.keys[signer.key_sid] = (signer.secret, account)
            self._signers[account] = signer
        return self._signers[account]

    def _sockets(self, person: Person) -> int:
        realtime = self._whole.realtime
        return count_of(realtime.sockets(), person) if realtime else 0

    # --- looking ---------------------------------------------------------------------------------

    def notices(self, since: int) -> list[Notice]:
        """What was heard after number `since`."""
        self._world.run_due()
        with self._lock:
            return [one for one in self._notices if one.n > since]

    def _hear(self, published: Published) -> None:
        """Keep what an SDK could notice; called with the world's lock held, so briefly."""
        match published.event:
            case UserUpdated(service, user, reasons):
                kind, told, device = NoticeKind.UPDATED, tuple(one.value for one in reasons), ""
            case ConnectionOpened(service, user, device):
                kind, told = NoticeKind.OPENED, ()
            case ConnectionClosed(service, user, device):
                kind, told = NoticeKind.CLOSED, ()
            case _:
                return
        with self._lock:
            n = next(self._numbers)
            self._notices.append(Notice(n, kind, service.sid, user.identity, told, device))

    def why(self, person: Person) -> str | None:
        """The rules behind a fetch."""
        store = self._world.store
        service = store.service(person.service_sid)
        user = store.user_by_identity(person.service_sid, person.identity)
        if service is None or user is None:
            return None
        reasons = why(service, user, self._world.settings.policy)
        return "; ".join(
            f"{axis}: {json.dumps(one.value)} by {one.rule}, {one.because}"
            for axis, one in reasons.items()
        )

    # --- time ------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The world's time."""
        return self._world.clock.now()

    def advance(self, seconds: float) -> None:
        """Move it forward."""
        with self._acting():
            self._world.advance(seconds)


_changed: WeakKeyDictionary[World, dict[str, tuple[Value, Value]]] = WeakKeyDictionary()
"""What the last scenario changed in a world's settings: the values before it, and its own."""


def _change_settings(world: World, wanted: Mapping[str, object]) -> None:
    """Set what a scenario wants, and take back what the one before it in this world has left.

    A scenario's settings stay when it is over, as all that it is given does; the next one finds
    them as they were, unless somebody has changed them since.
    """
    settings = world.settings
    left = _changed.pop(world, {})
    settings.update({name: old for name, (old, own) in left.items() if settings[name] == own})
    before = settings.as_dict()
    settings.update(wanted)
    _changed[world] = {name: (before[name], settings[name]) for name in wanted}


def count_of(sockets: Iterable[Mapping[str, object]], person: Person) -> int:
    """How many of these sockets are the person's."""
    whose = (person.service_sid, person.identity)
    return sum((one["service"], one["identity"]) == whose for one in sockets)


def form_of(request: Request) -> bytes:
    """The form as it is sent."""
    return urlencode(request.form).encode()


def parsed(body: bytes) -> object:
    """A body as Python has it: JSON, else text, None if it is empty."""
    if not body:
        return None
    try:
        found: object = json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
    return found
