"""Cleaning up: delete what the ledger lists, and look for what it could only intend."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from reachability_contracts.checking import SafetyStop
from reachability_contracts.live.ledger import PREFIX, Ledger
from reachability_contracts.live.session import Guarded, body_of

_MOST_PAGES = 20
_OK, _NOT_FOUND = 200, 404


def clean(base: str, auth: tuple[str, str], session: Guarded, ledger: Ledger) -> list[str]:
    """Delete everything of ours; returns what could not be deleted."""
    session.cleaning = True
    try:
        _find(base, auth, session, ledger)
        for sid in ledger.services:
            if _is_ours(base, auth, session, ledger, sid):
                session.delete(f"{base}/v1/Services/{sid}", auth=auth)
    except (requests.RequestException, SafetyStop):
        pass  # what is left stays in the ledger, and is reported
    finally:
        session.cleaning = False
    left = [*sorted(ledger.services), *sorted(ledger.names)]
    ledger.close()
    return left


def _is_ours(base: str, auth: tuple[str, str], session: Guarded, ledger: Ledger, sid: str) -> bool:
    """Whether the service is there under a name of ours, whatever somebody wrote into a ledger."""
    answer = session.get(f"{base}/v1/Services/{sid}", auth=auth)
    if answer.status_code == _NOT_FOUND:
        ledger.gone(sid)
    shown = body_of(answer).get("friendly_name")
    return answer.status_code == _OK and isinstance(shown, str) and shown.startswith(PREFIX)


def _find(base: str, auth: tuple[str, str], session: Guarded, ledger: Ledger) -> None:
    """Look for services that were about to be made when an answer got lost."""
    wanted = ledger.names
    url: str | None = f"{base}/v1/Services?PageSize=100" if wanted else None
    for _ in range(_MOST_PAGES):
        if url is None:
            break
        answer = session.get(url, auth=auth)
        if answer.status_code != _OK:
            return
        page = body_of(answer)
        services, meta = page.get("services"), page.get("meta")
        if not isinstance(services, list) or not isinstance(meta, dict):
            return  # nobody can tell from that what there is
        for service in services:
            if isinstance(service, dict) and service.get("friendly_name") in wanted:
                ledger.created(str(service.get("sid")), service["friendly_name"])
        url = _same_host(base, meta.get("next_page_url"))
    else:
        return  # too many services to be sure
    for name in wanted & ledger.names:
        ledger.absent(name)


def _same_host(base: str, url: str | None) -> str | None:
    """The next page, asked of the host that we talk to."""
    if url is None:
        return None
    parts = urlsplit(url)
    return f"{base}{parts.path}?{parts.query}"
