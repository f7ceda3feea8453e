"""Credentials as forms and as JSON; of what is secret, only whether it was sent goes further."""

from __future__ import annotations

from reachability_mock.core import errors
from reachability_mock.core.facts import CredentialCreated, CredentialEdited
from reachability_mock.core.model import Credential, CredentialType, Policy
from reachability_mock.wire.params import Form, boolean
from reachability_mock.wire.redaction import SECRETS
from reachability_mock.wire.resources import Json, Place, date


def created(form: Form, account_sid: str, sid: str, policy: Policy) -> CredentialCreated:
    """The fact behind ``POST /v1/Credentials``.

    Raises:
        Refused: a Type that is none, or a Sandbox that is neither true nor false.
    """
    return CredentialCreated(
        account_sid,
        sid,
        _type(form.get("Type") or "", policy),
        form.get("FriendlyName"),
        boolean("Sandbox", form.get("Sandbox")),
    )


def edited(form: Form, account_sid: str, sid: str, policy: Policy) -> CredentialEdited:
    """The fact behind ``POST /v1/Credentials/{Sid}``.

    Raises:
        Refused: as for `created`, but a Type may be left out.
    """
    kind = form.get("Type")
    return CredentialEdited(
        account_sid,
        sid,
        None if kind is None else _type(kind, policy),
        form.get("FriendlyName"),
        boolean("Sandbox", form.get("Sandbox")),
        new_secret=any(form.get(name) is not None for name in SECRETS),
    )


def shown(noun: Credential, place: Place) -> Json:
    """One credential; `sandbox` is a text, and capitalised."""
    return {
        "sid": noun.sid,
        "account_sid": place.account_sid,
        "friendly_name": noun.friendly_name,
        "type": noun.type.value,
        "sandbox": str(noun.sandbox),
        "date_created": date(noun.date_created),
        "date_updated": date(noun.date_updated),
        "url": f"{place.root}/Credentials/{noun.sid}",
    }


def _type(text: str, policy: Policy) -> CredentialType:
    try:
        return CredentialType(text.lower())
    except ValueError:
        raise errors.credential_type(policy.credential_type_code, text) from None
