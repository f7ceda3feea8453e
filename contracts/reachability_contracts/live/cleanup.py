"""Cleaning up: delete what the ledger lists, and look for what it could only intend."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from reachability_contracts.checking import SafetyStop
from reachability_contracts.live.ledger import Ledger
from reachability_contracts.live.session import Guarded

_MOST_PAGES = 20
_OK = 200


def clean(base: str, auth: tuple[str, str], session: Guarded, ledger: Ledger) -> list[str]:
    """Delete everything of ours; returns what could not be deleted."""
    session.cleaning = True
    try:
        _find(base, auth, session, ledger)
        for sid in ledger.services:
            session.delete(f"{base}/v1/Services/{sid}", auth=auth)
    except (requests.RequestException, SafetyStop):
        pass  # what is left stays in the ledger, and is reported
    finally:
        session.cleaning = False
    left = [*sorted(ledger.services), *sorted(ledger.names)]
    ledger.close()
    return left


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
        page = answer.json()
        for service in page["services"]:
            if service["friendly_name"] in wanted:
                ledger.created(service["sid"], service["friendly_name"])
        url = _same_host(base, page["meta"]["next_page_url"])
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
