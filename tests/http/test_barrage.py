"""Whatever is asked, in well-formed HTTP: never a 5xx, never anything but JSON."""

from __future__ import annotations

import json
import string
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reachability_mock.http.app import the_app
from reachability_mock.http.site import Site
from reachability_mock.http.wsgi import Answer, Target, exchange
from tests.http.asking import LOCAL, basic, new_site

TOKEN = string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~"
METHODS = ("GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE")
ROUTES = tuple(sorted({rule.rule for rule in the_app().url_map.iter_rules()}))
NAMES = ("IS" + "0" * 32, "US" + "0" * 32, "default", "alice", "Default", "fcm", "nobody")
PARAMETERS = (
    "Identity",
    "FriendlyName",
    "Attributes",
    "RoleSid",
    "ReachabilityEnabled",
    "PageSize",
    "Page",
    "PageToken",
    "BindingType",
    "DefaultClosedTimer",
    "account",
    "since",
    "kind",
    "lost",
)
HEADERS = (
    "Accept",
    "Authorization",
    "Content-Type",
    "Cookie",
    "Host",
    "If-Match",
    "Origin",
    "Range",
    "Transfer-Encoding",
    "X-Mock-Why",
)
# What a request line may hold, and what percent-encoding may hide in it.
plain = st.text(string.ascii_letters + string.digits + "-._~!$&'()*+,;=:@\"<>[]^`{|}\\", max_size=8)
encoded = st.binary(max_size=6).map(lambda raw: "".join(f"%{one:02X}" for one in raw))
segments = st.one_of(st.sampled_from(NAMES), plain, encoded, st.just("%"), st.just("%zz"))
values = st.one_of(
    st.sampled_from(("true", "1", "-1", "0", "2147483648", "{}", "null", "", "PTe30", "a" * 300)),
    plain,
    encoded,
)
pairs = st.tuples(st.one_of(st.sampled_from(PARAMETERS), plain), values)
queries = st.lists(pairs, max_size=4).map(
    lambda found: "&".join(f"{name}={value}" for name, value in found)
)
json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=5,
)
json_bodies = st.dictionaries(
    st.sampled_from(("device", "type", "address", "seconds", "offline_delay", "lost")),
    json_values,
    max_size=2,
)
bodies = st.one_of(
    st.just(b""),
    queries.map(str.encode),
    st.binary(max_size=40),
    (json_bodies | json_values).map(lambda value: json.dumps(value).encode()),
)
header_values = st.one_of(
    st.sampled_from(
        (
            "*/*",
            "application/json",
            "application/x-www-form-urlencoded; charset=nonsense",
            "multipart/form-data; boundary=",
            "multipart/form-data",
            "Basic Og==",
            "Bearer x",
            "chunked",
            "bytes=0-",
            "null",
        )
    ),
    st.text(
        st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=12
    ),
)
headers = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(HEADERS), st.text(TOKEN, min_size=1, max_size=9)), header_values
    ),
    max_size=4,
)


@st.composite
def paths(draw: st.DrawFn) -> str:
    """A route with odd things in its places, or no route at all."""
    if draw(st.integers(0, 9)) == 0:
        return "/" + "/".join(draw(st.lists(segments, max_size=5)))
    parts = draw(st.sampled_from(ROUTES)).split("/")
    return "/".join(draw(segments) if part.startswith("<") else part for part in parts)


@dataclass(frozen=True)
class Shot:
    """One request of the barrage."""

    method: str
    target: Target
    headers: list[tuple[str, str]]
    body: bytes
    known: bool


shots = st.builds(
    Shot,
    st.sampled_from(METHODS) | st.text(TOKEN, min_size=1, max_size=9),
    st.builds(Target, st.sampled_from(("http", "https")), st.just(LOCAL), paths(), queries),
    headers,
    bodies,
    st.booleans(),
)


@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(shot=shots)
def test_nothing_gets_a_5xx_or_anything_but_json(shot: Shot) -> None:
    site = SITE if shot.known else new_site()
    whose = list(basic().items()) if shot.known else []
    answer = exchange(site, shot.method, shot.target, [*shot.headers, *whose], shot.body)
    check(answer, shot.method, shot.target.raw_path)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    host=header_values,
    path=st.sampled_from(("/v1/Users", "/_mock/state")),
    method=st.sampled_from(METHODS),
)
def test_nor_does_any_host(host: str, path: str, method: str) -> None:
    answer = exchange(SITE, method, Target("http", host, path), list(basic().items()))
    check(answer, method, path)


def check(answer: Answer, method: str, path: str) -> None:
    """Is it an answer of ours?"""
    found = dict(answer.headers)
    assert answer.status < 500, answer
    assert len(found["Twilio-Request-Id"]) == 34
    if answer.status == 204 or method == "HEAD":
        assert answer.body == b""
        return
    if path.endswith(".yaml") and answer.status == 200:
        assert found["Content-Type"].startswith("application/yaml")
        return
    assert found["Content-Type"] == "application/json;charset=utf-8"
    body = json.loads(answer.body)
    if answer.status >= 400:
        refused = {"code", "message", "more_info", "status"} <= body.keys()
        assert refused or body["error"].keys() == {"code", "message", "choices"}


SITE: Site = new_site()
"""One site for most of the barrage, so that requests meet what earlier ones left."""
