"""How clients are brought to come through the proxy and to trust it: files, and an environment."""

from __future__ import annotations

import os
import ssl
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import NoEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import (
    PKCS12Certificate,
    serialize_java_truststore,
)

from reachability_mock.proxy.authority import Authority

LOCAL = ("localhost", "127.0.0.1", "::1")
_BUNDLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_BEGIN = b"-----BEGIN CERTIFICATE-----"
_END = b"-----END CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class Trust:
    """The files that make a client trust the authority."""

    ca: Path
    """Its certificate alone, for what adds to its own list (Node)."""
    bundle: Path
    """What is trusted here anyway, and the certificate: for what takes one list (OpenSSL)."""
    truststore: Path
    """The same for Java."""

    @classmethod
    def kept_in(cls, folder: Path, authority: Authority, environ: Mapping[str, str]) -> Trust:
        """Write them where they are not what they should be.

        Raises:
            OSError: the folder cannot be written.
        """
        trust = cls(folder / "ca.pem", folder / "bundle.pem", folder / "truststore.p12")
        bundle = _bundle(authority, environ, trust.bundle)
        fresh = _replace(trust.bundle, bundle)
        _replace(trust.ca, authority.pem)
        if fresh or not trust.truststore.exists():
            _replace(trust.truststore, _truststore(bundle))
        return trust


def trusting(trust: Trust) -> dict[str, str]:
    """What makes a client trust the fake's certificates besides the usual ones."""
    lists = dict.fromkeys((*_BUNDLES, "TWILIO_CA_BUNDLE"), str(trust.bundle))
    return {**lists, "NODE_EXTRA_CA_CERTS": str(trust.ca)}


def environment(url: str, trust: Trust, environ: Mapping[str, str]) -> dict[str, str]:
    """What a client's environment has to say so that it arrives at `url` and trusts it."""
    _, _, authority = url.partition("//")
    host, _, port = authority.rpartition(":")
    aside = ",".join(_aside(environ))
    java = (
        f"-Dhttps.proxyHost={host.strip('[]')} -Dhttps.proxyPort={port} "
        f"-Djavax.net.ssl.trustStore={trust.truststore} -Djavax.net.ssl.trustStoreType=PKCS12"
    )
    proxied = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY"), url)
    return {
        **proxied,
        "NO_PROXY": aside,
        "no_proxy": aside,
        **trusting(trust),
        "JAVA_TOOL_OPTIONS": " ".join(filter(None, (environ.get("JAVA_TOOL_OPTIONS"), java))),
    }


def _aside(environ: Mapping[str, str]) -> Iterator[str]:
    """Who is asked directly: this machine, and whoever was before, unless it is Twilio."""
    yield from LOCAL
    known = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
    for one in (part.strip() for part in known.split(",")):
        if one and one != "*" and one not in LOCAL and not one.lower().endswith("twilio.com"):
            yield one


def _bundle(authority: Authority, environ: Mapping[str, str], ours: Path) -> bytes:
    """Every certificate that is trusted here, and the authority's."""
    usual = ssl.get_default_verify_paths()
    named = (environ.get(name) for name in _BUNDLES)
    for one in (*named, usual.cafile, usual.openssl_cafile, _certifi()):
        if one and Path(one).is_file() and Path(one) != ours:
            return Path(one).read_bytes().rstrip() + b"\n" + authority.pem
    return authority.pem


def _certifi() -> str | None:
    try:
        import certifi  # noqa: PLC0415 - comes with requests, but is not ours to ask for
    except ImportError:
        return None
    return certifi.where()


def _truststore(bundle: bytes) -> bytes:
    """The bundle in Java's form, without a password: there is no secret in it."""
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # old roots are odd
        found = [
            PKCS12Certificate(certificate, f"{number}".encode())
            for number, certificate in enumerate(_certificates(bundle))
        ]
        return serialize_java_truststore(found, NoEncryption())


def _certificates(bundle: bytes) -> Iterator[x509.Certificate]:
    for part in bundle.split(_BEGIN)[1:]:
        with suppress(ValueError):  # some roots are no certificates by today's rules
            yield x509.load_pem_x509_certificate(_BEGIN + part.partition(_END)[0] + _END + b"\n")


def _replace(path: Path, data: bytes) -> bool:
    """Make `path` hold `data`, in one go; whether it was anything else."""
    if path.is_file() and path.read_bytes() == data:
        return False
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)
    return True
