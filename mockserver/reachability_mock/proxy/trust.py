"""How clients are brought to come through the proxy and to trust it: files, and an environment."""

from __future__ import annotations

import os
import re
import ssl
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from shlex import quote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import NoEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import (
    PKCS12Certificate,
    load_pkcs12,
    serialize_java_truststore,
)

from reachability_mock.proxy.authority import Authority

LOCAL = ("localhost", "127.0.0.1", "::1")
_BUNDLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "TWILIO_CA_BUNDLE")
_NODE = "NODE_EXTRA_CA_CERTS"
_TWILIO = "twilio.com"
_BEGIN = b"-----BEGIN CERTIFICATE-----"
_END = b"-----END CERTIFICATE-----"
_WIDTH = 64


@dataclass(frozen=True, slots=True)
class Trust:
    """The files that make a client trust the authority.

    What depends on the environment has its content in its name: another server with another
    environment writes another file, and takes nothing from the clients of this one.
    """

    ca: Path
    """For what adds to its own list (Node): the authority's certificate, and what was added."""
    bundle: Path
    """What is trusted here anyway, and the certificate: for what takes one list (OpenSSL)."""
    truststore: Path
    """The same for Java."""

    @classmethod
    def kept_in(cls, folder: Path, authority: Authority, environ: Mapping[str, str]) -> Trust:
        """Write them where they are not what they should be.

        ``ca.pem``, ``bundle.pem`` and ``truststore.p12`` are there, too, as the latest server has
        them, for whoever needs a name that does not change: a container that mounts the folder.

        Raises:
            OSError: the folder cannot be written, or a file that the environment names not read.
        """
        bundle = _joined(authority, (*_BUNDLES, _NODE), environ, _usual())
        added = _joined(authority, (_NODE,), environ)
        _replace(folder / "ca.pem", authority.pem)
        _replace_both(folder / "bundle.pem", folder / "truststore.p12", bundle)
        trust = cls(
            folder / "ca.pem" if added == authority.pem else _named(folder, "ca.pem", added),
            _named(folder, "bundle.pem", bundle),
            _named(folder, "truststore.p12", bundle),
        )
        _replace(trust.ca, added)
        _replace_both(trust.bundle, trust.truststore, bundle)
        return trust


def trusting(trust: Trust) -> dict[str, str]:
    """What makes a client trust the fake's certificates besides the usual ones."""
    return {**dict.fromkeys(_BUNDLES, str(trust.bundle)), _NODE: str(trust.ca)}


def environment(
    url: str, trust: Trust, environ: Mapping[str, str], names: Iterable[str] = ()
) -> dict[str, str]:
    """What a client's environment has to say so that it arrives at `url` and trusts it.

    By `names` the fake itself is called, which is asked directly.
    """
    _, _, authority = url.partition("//")
    host, _, port = authority.rpartition(":")
    aside = ",".join(dict.fromkeys(_aside(environ, names)))
    store = quote(
        f"-Djavax.net.ssl.trustStore={trust.truststore}"
    )  # the JVM takes a shell's quotes
    java = (
        f"-Dhttps.proxyHost={host.strip('[]')} -Dhttps.proxyPort={port} "
        f"{store} -Djavax.net.ssl.trustStoreType=PKCS12"
    )
    proxied = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY"), url)
    return {
        **proxied,
        "NO_PROXY": aside,
        "no_proxy": aside,
        "NODE_USE_ENV_PROXY": "1",
        **trusting(trust),
        "JAVA_TOOL_OPTIONS": " ".join(filter(None, (environ.get("JAVA_TOOL_OPTIONS"), java))),
    }


def _aside(environ: Mapping[str, str], names: Iterable[str]) -> Iterator[str]:
    """Who is asked directly: this machine, and whoever was before, unless it is Twilio."""
    yield from LOCAL
    known = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
    for one in (*names, *re.split(r"[,\s]+", known)):
        if not _is_twilios(one):
            yield one


def _is_twilios(entry: str) -> bool:
    """Whether some client would ask a host of Twilio's directly because of this entry.

    That is any end of the name, with dots or without (`requests` compares the ends alone).
    """
    name = re.sub(r":\d*$", "", entry.lower()).lstrip("*.").rstrip(".")
    return _TWILIO.endswith(name) or name.endswith(f".{_TWILIO}")


def _joined(
    authority: Authority, names: Iterable[str], environ: Mapping[str, str], more: Iterable[str] = ()
) -> bytes:
    """The authority's certificate and those in the files that variables name, each once."""
    files = filter(None, (*(environ.get(name) for name in names), *more))
    found = [authority.pem, *(Path(one).read_bytes() for one in files if Path(one).is_file())]
    return b"".join(dict.fromkeys(pem for data in found for pem in _pems(data)))


def _usual() -> Iterator[str]:
    """The lists of whoever's environment names none."""
    yield ssl.get_default_verify_paths().openssl_cafile
    with suppress(ImportError):
        import certifi  # noqa: PLC0415 - comes with requests, but is not ours to ask for

        yield certifi.where()


def _pems(data: bytes) -> Iterator[bytes]:
    """The certificates of a list, without what is written between them."""
    for part in data.split(_BEGIN)[1:]:
        body = b"".join(part.partition(_END)[0].split())
        lines = [body[at : at + _WIDTH] for at in range(0, len(body), _WIDTH)]
        yield b"\n".join([_BEGIN, *lines, _END, b""])


def _truststore(bundle: bytes) -> bytes:
    """The bundle in Java's form, without a password: there is no secret in it."""
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # old roots are odd
        found = [
            PKCS12Certificate(certificate, f"{number}".encode())
            for number, certificate in enumerate(_certificates(bundle))
        ]
        return serialize_java_truststore(found, NoEncryption())


def _certificates(bundle: bytes) -> Iterator[x509.Certificate]:
    for pem in _pems(bundle):
        with suppress(ValueError):  # some roots are no certificates by today's rules
            yield x509.load_pem_x509_certificate(pem)


def _named(folder: Path, name: str, content: bytes) -> Path:
    """`name` with its content in it."""
    path = folder / name
    return path.with_stem(f"{path.stem}-{sha256(content).hexdigest()[:12]}")


def _replace_both(bundle: Path, truststore: Path, data: bytes) -> None:
    """Make `bundle` hold `data`, and `truststore` the same, which is never twice the same bytes."""
    if _replace(bundle, data) or not _loads(truststore):
        _replace(truststore, _truststore(data))


def _loads(truststore: Path) -> bool:
    """Whether it is there and whole."""
    try:
        with warnings.catch_warnings(action="ignore", category=UserWarning):
            return bool(load_pkcs12(truststore.read_bytes(), None).additional_certs)
    except (FileNotFoundError, ValueError):
        return False


def _replace(path: Path, data: bytes) -> bool:
    """Make `path` hold `data`, in one go; whether it was anything else."""
    if path.is_file() and path.read_bytes() == data:
        return False
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)
    return True
