"""The authority: kept for its owner alone, believed for Twilio's names and this machine's only."""

from __future__ import annotations

import os
import socket
import ssl
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from freezegun import freeze_time

from reachability_mock.proxy.authority import Authority
from reachability_mock.proxy.trust import Trust, environment

KEY = "ca-key.pem"


def test_it_is_made_once_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    first, second = Authority.kept_in(folder), Authority.kept_in(folder)
    assert first.pem == second.pem
    assert [path.name for path in folder.iterdir()] == [KEY]


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such modes")
def test_its_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    before = os.umask(0)
    try:
        Authority.kept_in(folder)
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / KEY).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_when_its_time_is_nearly_over_there_is_a_new_one(tmp_path: Path) -> None:
    with freeze_time("2026-01-05T09:00:00Z"):
        old = Authority.kept_in(tmp_path)
    with freeze_time("2035-11-01T09:00:00Z"):
        assert Authority.kept_in(tmp_path).pem == old.pem
    with freeze_time("2035-12-20T09:00:00Z"):
        assert Authority.kept_in(tmp_path).pem != old.pem


def test_what_is_not_a_key_is_told(tmp_path: Path) -> None:
    (tmp_path / KEY).write_text("nothing of the kind")
    with pytest.raises(ValueError, match=r"."):
        Authority.kept_in(tmp_path)


@contextmanager
def shaking_hands(context: ssl.SSLContext) -> Iterator[int]:
    """A port at which one handshake is made."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def once() -> None:
            line, _ = listener.accept()
            try:
                with context.wrap_socket(line, server_side=True) as wrapped:
                    wrapped.recv(1)
            except OSError:
                line.close()  # the client did not like what it saw

        thread = threading.Thread(target=once)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            thread.join(10)


def believed(authority: Authority, server: ssl.SSLContext, name: str) -> bool:
    """Whether a strict client that trusts the authority believes the server to be `name`."""
    client = ssl.create_default_context(cadata=authority.pem.decode())
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    with (
        shaking_hands(server) as port,
        socket.create_connection(("127.0.0.1", port), timeout=10) as line,
    ):
        try:
            with client.wrap_socket(line, server_hostname=name):
                return True
        except ssl.SSLCertVerificationError:
            return False


@pytest.mark.parametrize(
    "name",
    [
        "conversations.twilio.com",
        "conversations.sydney.au1.twilio.com",
        "tsock.us1.twilio.com",
        "localhost",
        "127.0.0.1",
    ],
)
def test_a_strict_client_believes_the_fakes_names(authority: Authority, name: str) -> None:
    assert believed(authority, authority.context(), name)


@pytest.mark.parametrize("name", ["api.twilio.com", "example.com"])
def test_no_other_name_is_offered(authority: Authority, name: str) -> None:
    assert not believed(authority, authority.context(), name)


def test_nobody_believes_what_a_thief_would_sign_for_other_names(authority: Authority) -> None:
    forged = authority._context_for(("bank.example",))
    assert not believed(authority, forged, "bank.example")


# --- the files and the environment ---------------------------------------------------------------


def test_the_bundle_has_what_is_trusted_anyway_and_the_authority(
    authority: Authority, tmp_path: Path
) -> None:
    usual = tmp_path / "usual.pem"
    usual.write_bytes(Authority.new().pem)
    folder = tmp_path / "kept"
    folder.mkdir()
    trust = Trust.kept_in(folder, authority, {"SSL_CERT_FILE": str(usual)})
    assert trust.bundle.read_bytes() == usual.read_bytes() + authority.pem
    assert trust.ca.read_bytes() == authority.pem
    again = Trust.kept_in(folder, authority, {"SSL_CERT_FILE": str(trust.bundle)})
    assert again.bundle.read_bytes().count(authority.pem) == 1


def test_the_environment_leads_here_and_leaves_this_machine_alone(trust: Trust) -> None:
    before = {"NO_PROXY": "*, db.internal,.twilio.com,localhost", "JAVA_TOOL_OPTIONS": "-Xmx1g"}
    found = environment("http://127.0.0.1:4010", trust, before)
    assert {found["HTTPS_PROXY"], found["HTTP_PROXY"]} == {"http://127.0.0.1:4010"}
    assert found["NO_PROXY"] == found["no_proxy"] == "localhost,127.0.0.1,::1,db.internal"
    assert found["JAVA_TOOL_OPTIONS"].startswith("-Xmx1g -Dhttps.proxyHost=127.0.0.1 ")
    assert found["NODE_EXTRA_CA_CERTS"] == str(trust.ca)
    assert {Path(found[name]) for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")} == {trust.bundle}
