"""The document's sanity table."""

from __future__ import annotations

import pytest

from reachability_contracts import document
from reachability_contracts.document import sanity, wrong_bodies
from reachability_contracts.results import Verdict


def test_the_document_accepts_the_fake_and_refuses_every_wrong_body() -> None:
    results = sanity()
    assert [one.name for one in results if one.verdict is not Verdict.PASSED] == []
    assert sum(one.name.startswith("refused") for one in results) > 500


def test_a_lax_document_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    document._validator.cache_clear()
    lax = {**document.document(), "components": {**document.document()["components"]}}
    lax["components"]["schemas"] = {**lax["components"]["schemas"], "UserInList": {}}
    monkeypatch.setattr(document, "document", lambda: lax)
    try:
        broken = [one for one in sanity() if one.verdict is Verdict.FAILED]
    finally:
        document._validator.cache_clear()
    assert any("a list with is_online True" in one.name for one in broken)


def test_wrong_bodies_of_a_list_have_lies_about_presence() -> None:
    user = {"sid": "US" + "1" * 32, "is_online": None, "is_notifiable": None}
    page = {"users": [user], "meta": {"key": "users", "next_page_url": None}}
    said = [says for says, _ in wrong_bodies(page)]
    assert "{}" in said
    assert "without meta" in said
    assert "a list with is_online True" in said
    assert 'an item with is_online the text "true"' in said
