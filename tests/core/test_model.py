"""The nouns."""

from __future__ import annotations

import pytest

from reachability_mock.core.model import BindingType
from tests.core.stage import Stage


def test_a_record_cannot_be_changed_in_place(stage: Stage) -> None:
    with pytest.raises(AttributeError):
        stage.service.friendly_name = "other"  # type: ignore[misc] # that is the test


@pytest.mark.parametrize("kind", BindingType)
def test_a_socket_is_no_push(kind: BindingType) -> None:
    assert kind.is_push is (kind.value != "twilsock")


def test_a_user_knows_its_devices(stage: Stage) -> None:
    stage.connect("phone")
    assert stage.user().connection("phone") is not None
    assert stage.user().connection("tab") is None


def test_who_is_connected_registered_or_awaited_is_present(stage: Stage) -> None:
    stage.connect()
    assert stage.user().is_present
    stage.disconnect()
    assert not stage.user().is_present
    stage.register()
    assert stage.user().is_present
    assert not stage.user().is_connected
