"""A certificate authority of our own: who signs ``conversations.twilio.com`` on this machine.

It is made once and kept for its user, the key readable by nobody else.  Name constraints see to it
that a stolen key is good for nothing but Twilio's names and this machine's.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from reachability_mock.clock import system_now
from reachability_mock.proxy.routes import is_ours

NAME = "reachability-mock (tests only)"
LOCAL_NAMES = ("conversations.twilio.com", "localhost")
LOCAL_ADDRESSES = ("127.0.0.1", "::1")
_CA_LIFE = timedelta(days=3650)
_LEAF_LIFE = timedelta(days=397)
"""Apple's clients take no certificate that lives longer than 825 days, browsers none over 398."""
_RENEW_BEFORE = timedelta(days=30)
_SLACK = timedelta(days=1)
_ANYBODY_ELSE = 0o077
_NO_USAGE = {
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "encipher_only": False,
    "decipher_only": False,
}


class Authority:
    """A key and the certificate that goes with it."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        """Sign with `key` as `certificate`'s subject."""
        self.key = key
        self.certificate = certificate

    @classmethod
    def kept_in(cls, folder: Path) -> Authority:
        """The authority that lives in `folder`, made anew if there is none or its time is over.

        Raises:
            OSError: the folder cannot be written.
            ValueError: what is there is no key with its certificate; the message names the file.
        """
        path = folder / "ca-key.pem"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and (found := _read(path)).is_fresh:
            return found
        path.unlink(missing_ok=True)
        made = cls.new()
        _write_once(path, made.key_pem + made.pem)
        return _read(path)  # whoever was first

    @classmethod
    def new(cls) -> Authority:
        """A new one, kept nowhere."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
        builder = _certificate(name, name, key, _CA_LIFE)
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=True, crl_sign=True, **_NO_USAGE
        )
        certificate = (
            builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(_constraints(), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .sign(key, hashes.SHA256())
        )
        return cls(key, certificate)

    @property
    def pem(self) -> bytes:
        """The certificate, for whoever is to trust it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The key."""
        return _pem(self.key)

    @property
    def is_fresh(self) -> bool:
        """Whether it will be valid for a while."""
        return self.certificate.not_valid_after_utc - _RENEW_BEFORE > system_now()

    def context(self) -> ssl.SSLContext:
        """What a server needs: a certificate for whichever of our names the client asks for."""
        default = self._context_for((*LOCAL_NAMES,), LOCAL_ADDRESSES)
        made = lru_cache(maxsize=64)(lambda name: self._context_for((name,)))

        def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
            if name is not None and name not in LOCAL_NAMES and is_ours(name):
                connection.context = made(name.lower())

        default.sni_callback = choose
        return default

    def _context_for(self, names: Iterable[str], addresses: Iterable[str] = ()) -> ssl.SSLContext:
        key, certificate = self._issue([*names], [*addresses])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        with TemporaryDirectory(prefix="reachability-mock-") as folder:  # readable by us alone
            path = Path(folder) / "leaf.pem"
            path.write_bytes(_pem(key) + certificate.public_bytes(serialization.Encoding.PEM))
            context.load_cert_chain(path)
        return context

    def _issue(
        self, names: list[str], addresses: list[str]
    ) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
        """A key of its own and a certificate for some names and addresses."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        builder = _certificate(subject, self.certificate.subject, key, _LEAF_LIFE)
        alternatives = [
            *map(x509.DNSName, names),
            *(x509.IPAddress(ip_address(one)) for one in addresses),
        ]
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=False, crl_sign=False, **_NO_USAGE
        )
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        return key, (
            builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(issuer, critical=False)
            .sign(self.key, hashes.SHA256())
        )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, life: timedelta
) -> x509.CertificateBuilder:
    now = system_now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(now - _SLACK + life)
    )


def _constraints() -> x509.NameConstraints:
    names = [x509.DNSName("twilio.com"), x509.DNSName("localhost")]
    networks = [x509.IPAddress(ip_network(one)) for one in ("127.0.0.0/8", "::1/128")]
    return x509.NameConstraints(permitted_subtrees=[*names, *networks], excluded_subtrees=None)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _read(path: Path) -> Authority:
    """What `path` holds; whoever else could read it no longer can, where that can be had."""
    if os.name == "posix" and path.stat().st_mode & _ANYBODY_ELSE:
        with suppress(OSError):  # somebody else's file, or a folder that is only read
            path.chmod(0o600)
    data = path.read_bytes()
    try:
        key = serialization.load_pem_private_key(data, password=None)
        certificate = x509.load_pem_x509_certificate(data)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: it wants a password
        raise _damaged(path) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise _damaged(path)
    if key.public_key() != certificate.public_key():
        raise _damaged(path)
    return Authority(key, certificate)


def _damaged(path: Path) -> ValueError:
    return ValueError(f"{path} is damaged, no key with its certificate: delete it for a new one")


def _write_once(path: Path, data: bytes) -> None:
    """Write `data` for its owner alone, whole, unless somebody else was faster."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(file, "wb") as out:
            out.write(data)
        try:
            os.link(beside, path)
        except FileExistsError:
            return
    finally:
        beside.unlink()
