"""The files that clients are to trust, and the environment that leads them here."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from reachability_mock.proxy.authority import Authority
from reachability_mock.proxy.trust import Trust, environment, trusting

URL = "http://127.0.0.1:4010"
LOCAL = "localhost,127.0.0.1,::1"
OLD_ROOTS = pytest.mark.filterwarnings("ignore:Parsed a serial number:UserWarning")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "kept"
    found.mkdir()
    return found


def company(tmp_path: Path, name: str) -> tuple[str, bytes]:
    """A list with one certificate that nobody else knows: its path, and the certificate."""
    pem = Authority.new().pem
    path = tmp_path / f"{name}.pem"
    path.write_bytes(b"# " + name.encode() + b"\n" + pem)
    return str(path), pem


# --- files ---------------------------------------------------------------------------------------


def test_the_bundle_has_everything_that_was_trusted_before(
    authority: Authority, folder: Path, tmp_path: Path
) -> None:
    names = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "TWILIO_CA_BUNDLE"]
    lists = {name: company(tmp_path, name) for name in [*names, "NODE_EXTRA_CA_CERTS"]}
    environ = {name: path for name, (path, _) in lists.items()}
    usual = Trust.kept_in(folder, authority, {}).bundle.read_bytes()
    bundle = Trust.kept_in(folder, authority, environ).bundle.read_bytes()
    assert [bundle.count(pem) for _, pem in lists.values()] == [1] * 5
    assert bundle.count(authority.pem) == 1
    assert bundle.count(b"BEGIN") == usual.count(b"BEGIN") + 5


def test_the_same_certificate_is_there_once(
    authority: Authority, folder: Path, tmp_path: Path
) -> None:
    """However its lines are wrapped, and though another run's bundle is named."""
    path, pem = company(tmp_path, "company")
    begin, *lines, end = pem.split(b"\n")[:-1]
    (tmp_path / "wide.pem").write_bytes(b"\r\n".join([begin, b"".join(lines), end]))
    first = Trust.kept_in(folder, authority, {"SSL_CERT_FILE": path})
    named = {"SSL_CERT_FILE": str(first.bundle), "CURL_CA_BUNDLE": str(tmp_path / "wide.pem")}
    assert Trust.kept_in(folder, authority, named).bundle == first.bundle


def test_what_node_was_given_is_kept(authority: Authority, folder: Path, tmp_path: Path) -> None:
    path, pem = company(tmp_path, "company")
    trust = Trust.kept_in(folder, authority, {"NODE_EXTRA_CA_CERTS": path})
    assert trust.ca.read_bytes() == authority.pem + pem
    assert (folder / "ca.pem").read_bytes() == authority.pem


def test_node_gets_the_authority_alone_where_it_was_given_nothing(
    authority: Authority, folder: Path, tmp_path: Path
) -> None:
    trust = Trust.kept_in(folder, authority, {"NODE_EXTRA_CA_CERTS": str(tmp_path / "missing")})
    assert trust.ca == folder / "ca.pem"
    assert trust.ca.read_bytes() == authority.pem


def test_another_servers_environment_changes_nothing_for_the_clients_of_this_one(
    authority: Authority, folder: Path, tmp_path: Path
) -> None:
    path, _ = company(tmp_path, "company")
    mine = Trust.kept_in(folder, authority, {"NODE_EXTRA_CA_CERTS": path})
    before = [one.read_bytes() for one in (mine.ca, mine.bundle, mine.truststore)]
    other = Trust.kept_in(folder, authority, {})
    assert other != mine
    assert [one.read_bytes() for one in (mine.ca, mine.bundle, mine.truststore)] == before


@OLD_ROOTS
def test_the_latest_is_there_by_names_that_do_not_change(
    authority: Authority, folder: Path
) -> None:
    trust = Trust.kept_in(folder, authority, {})
    assert (folder / "bundle.pem").read_bytes() == trust.bundle.read_bytes()
    assert authority.certificate in certificates(folder / "truststore.p12")


def certificates(truststore: Path) -> list[object]:
    return [one.certificate for one in load_pkcs12(truststore.read_bytes(), None).additional_certs]


@OLD_ROOTS
@pytest.mark.parametrize("harm", ["cut", "empty", "gone"])
def test_a_broken_truststore_is_mended(authority: Authority, folder: Path, harm: str) -> None:
    trust = Trust.kept_in(folder, authority, {})
    for path in (trust.truststore, folder / "truststore.p12"):
        if harm == "gone":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:1000] if harm == "cut" else b"")
    Trust.kept_in(folder, authority, {})
    assert authority.certificate in certificates(trust.truststore)
    assert authority.certificate in certificates(folder / "truststore.p12")


def test_what_is_right_is_not_written_again(authority: Authority, folder: Path) -> None:
    Trust.kept_in(folder, authority, {})
    before = {path: path.stat().st_ino for path in folder.iterdir()}
    Trust.kept_in(folder, authority, {})
    assert {path: path.stat().st_ino for path in folder.iterdir()} == before


# --- the environment -----------------------------------------------------------------------------


def test_the_environment_leads_here(trust: Trust) -> None:
    found = environment(URL, trust, {"JAVA_TOOL_OPTIONS": "-Xmx1g"})
    assert {found[name] for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY")} == {URL}
    assert found["NODE_USE_ENV_PROXY"] == "1"
    assert found["JAVA_TOOL_OPTIONS"].startswith("-Xmx1g -Dhttps.proxyHost=127.0.0.1 ")
    assert found.items() >= trusting(trust).items()


def test_everybody_is_told_what_to_trust(trust: Trust) -> None:
    names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "TWILIO_CA_BUNDLE")
    lists = dict.fromkeys(names, str(trust.bundle))
    assert trusting(trust) == {**lists, "NODE_EXTRA_CA_CERTS": str(trust.ca)}


def test_java_is_told_of_a_folder_with_a_blank(tmp_path: Path) -> None:
    trust = Trust(tmp_path, tmp_path, Path("/a b/it's/truststore.p12"))
    options = shlex.split(environment(URL, trust, {})["JAVA_TOOL_OPTIONS"])
    assert "-Djavax.net.ssl.trustStore=/a b/it's/truststore.p12" in options


def test_this_machine_and_whoever_was_before_is_asked_directly(trust: Trust) -> None:
    before = {"NO_PROXY": "db.internal, 10.0.0.0/8 [::1]:80,localhost,mytwilio.com,example.com:8"}
    found = environment(URL, trust, before, ["mock", "conversations.twilio.com"])
    kept = "mock,db.internal,10.0.0.0/8,[::1]:80,mytwilio.com,example.com:8"
    assert found["NO_PROXY"] == found["no_proxy"] == f"{LOCAL},{kept}"


@pytest.mark.parametrize(
    "entry",
    [
        "*",
        "com",
        ".com",
        "*.com",
        "lio.com",
        "twilio.com",
        ".twilio.com",
        "*.twilio.com",
        "*twilio.com",
        "Twilio.com.",
        "conversations.twilio.com",
        "conversations.twilio.com:443",
        ".twilio.com:443",
        "*:443",
        "au1.twilio.com",
        "conversations.sydney.au1.twilio.com",
        "tsock.us1.twilio.com",
        "api.twilio.com",
    ],
)
def test_nothing_that_was_asked_directly_leads_past_the_proxy(trust: Trust, entry: str) -> None:
    assert environment(URL, trust, {"no_proxy": f"{entry},"})["NO_PROXY"] == LOCAL
