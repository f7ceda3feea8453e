"""One exchange with the app, called as a plain function: what the front and every door use.

Calling the WSGI app directly costs a quarter of Flask's test client and needs no socket.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from io import BytesIO
from typing import NamedTuple

from reachability_mock.http.app import the_app
from reachability_mock.http.paths import canonical, encoded
from reachability_mock.http.site import ENVIRON_KEY, RAW_PATH, Site

Headers = list[tuple[str, str]]
_BODILESS = (204, 304)


class Target(NamedTuple):
    """Where a request goes, as it was sent: nothing here has been percent-decoded."""

    scheme: str
    authority: str
    raw_path: str
    query: str = ""


class Answer(NamedTuple):
    """What came back: status, headers, body."""

    status: int
    headers: Headers
    body: bytes


def exchange(  # noqa: PLR0913 - a request has these five parts, and a site
    site: Site,
    method: str,
    target: Target,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    *,
    length: int | None = None,
) -> Answer:
    """Ask the app once and return the whole answer; never raises for what was asked.

    `length` is the body's size where it was not read because it is too large.  The world's lock is
    held, so an answer shows one moment, whatever other threads do.
    """
    environ = environ_of(site, method, target, headers, body)
    if length is not None:
        environ["CONTENT_LENGTH"] = str(length)
    with site.world.lock:
        response = the_app().answer_to(environ)
    if method == "HEAD" or response.status_code in _BODILESS or not response.is_sequence:
        body = b"".join(response.get_app_iter(environ))
        return Answer(response.status_code, response.get_wsgi_headers(environ).to_wsgi_list(), body)
    return Answer(response.status_code, response.headers.to_wsgi_list(), response.get_data())


def environ_of(
    site: Site,
    method: str,
    target: Target,
    headers: Iterable[tuple[str, str]],
    body: bytes,
) -> dict[str, object]:
    """The WSGI environ of a request, with the raw path kept whole."""
    host, _, port = target.authority.rpartition(":")
    environ: dict[str, object] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": canonical(target.raw_path),
        "QUERY_STRING": encoded(target.query),
        "SERVER_NAME": host or target.authority,
        "SERVER_PORT": port if host else "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": target.authority,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": target.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        ENVIRON_KEY: site,
        RAW_PATH: target.raw_path,
    }
    for name, value in headers:
        if "_" in name:  # it would pass for the header with a hyphen
            continue
        key = name.upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            environ["CONTENT_TYPE"] = value
        elif key not in {"CONTENT_LENGTH", "HOST", "TRANSFER_ENCODING"}:
            known = environ.get(f"HTTP_{key}")
            environ[f"HTTP_{key}"] = f"{known},{value}" if known else value
    return environ
