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
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from freezegun import freeze_time

from reachability_mock.proxy.authority import Authority

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


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such modes")
def test_a_key_that_others_could_read_is_taken_from_them(tmp_path: Path) -> None:
    Authority.kept_in(tmp_path)
    (tmp_path / KEY).chmod(0o644)
    Authority.kept_in(tmp_path)
    assert stat.S_IMODE((tmp_path / KEY).stat().st_mode) == 0o600


def test_a_key_that_cannot_be_taken_from_others_is_used_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Authority.kept_in(tmp_path)
    (tmp_path / KEY).chmod(0o644)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)
    assert Authority.kept_in(tmp_path).pem == made.pem


def encrypted() -> bytes:
    """A key that wants a password, and its certificate."""
    made = Authority.new()
    sealed = made.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    return sealed + made.pem


def another_kind() -> bytes:
    """A key that is none of ours, with a certificate."""
    key = ed25519.Ed25519PrivateKey.generate()
    return (
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + Authority.new().pem
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nothing of the kind",
        Authority.new().key_pem,
        Authority.new().key_pem + Authority.new().pem,
        encrypted(),
        another_kind(),
    ],
    ids=["empty", "garbage", "no certificate", "another's", "sealed", "of another kind"],
)
def test_a_damaged_key_is_told_with_its_place_and_the_cure(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY).write_bytes(content)
    with pytest.raises(ValueError, match=r"is damaged.*: delete it for a new one$") as told:
        Authority.kept_in(tmp_path)
    assert str(tmp_path / KEY) in str(told.value)


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
