"""Mutants of authentication and of refusals: who may come in, and how "no" is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reachability_contracts.mutants.patch import Patch, Shelf
from reachability_mock import keyring
from reachability_mock.core import errors
from reachability_mock.core.errors import Refused
from reachability_mock.keyring import Caller, Keyring
from reachability_mock.wire import resources

MUTANTS = Shelf()
mutant = MUTANTS.mutant


@mutant("edge:auth")
def any_token_goes(patch: Patch) -> None:
    """A known account may come in with any token."""
    patch.around(keyring._same, lambda *_: True)  # noqa: SLF001 - a mutant looks inside


@mutant("edge:auth")
def token_prefix_goes(patch: Patch) -> None:
    """A token is right if it begins right."""

    def prefix(_: Any, known: str, sent: str) -> bool:
        return bool(sent) and (known.startswith(sent) or sent.startswith(known))

    patch.around(keyring._same, prefix)  # noqa: SLF001 - a mutant looks inside


@mutant("edge:auth")
def token_stripped(patch: Patch) -> None:
    """White space around a token is forgiven."""
    patch.around(
        keyring._same,  # noqa: SLF001 - a mutant looks inside
        lambda real, known, sent: real(known, sent.strip()),
    )


@mutant("edge:auth")
def strangers_come_in(patch: Patch) -> None:
    """An unknown account is given the default account's world."""

    def welcoming(real: Any, ring: Any, username: Any, password: Any) -> Any:
        try:
            return real(ring, username, password)
        except Refused as refusal:
            if refusal.problem is not errors.WRONG_TOKEN and "wrong" not in (
                refusal.problem.hint or ""
            ):
                return Caller(ring.default_account, ring.default_account)
            raise

    patch.method(Keyring, "admit", welcoming)


@mutant("edge:auth")
def keys_refused(patch: Patch) -> None:
    """API keys cannot come in."""

    def accounts_only(real: Any, ring: Any, username: Any, password: Any) -> Any:
        if username.startswith("SK"):
            raise Refused(errors.UNKNOWN_USERNAME)
        return real(ring, username, password)

    patch.method(Keyring, "admit", accounts_only)


@mutant("edge:auth")
def key_shows_its_own_sid(patch: Patch) -> None:
    """account_sid in answers is the API key's SID."""

    def own(real: Any, ring: Any, username: Any, password: Any) -> Any:
        caller = real(ring, username, password)
        return caller._replace(shown_sid=username)

    patch.method(Keyring, "admit", own)


@mutant("edge:auth")
def unauthorized_is_403(patch: Patch) -> None:
    """Bad credentials are answered with 403."""
    for name in ("NO_CREDENTIALS", "UNKNOWN_USERNAME", "WRONG_TOKEN"):
        patch.constant(errors, name, replace(getattr(errors, name), status=403))


@mutant("edge:auth")
def unauthorized_code_is_http(patch: Patch) -> None:
    """The code of bad credentials is 401 instead of 20003."""
    for name in ("NO_CREDENTIALS", "UNKNOWN_USERNAME", "WRONG_TOKEN"):
        patch.constant(errors, name, replace(getattr(errors, name), code=401))


@mutant("edge:errors")
def not_found_is_403(patch: Patch) -> None:
    """What is not there is answered with 403, as if it were forbidden."""
    _restated(patch, errors.not_found, status=403)


@mutant("edge:errors")
def not_found_is_400(patch: Patch) -> None:
    """What is not there is answered with 400."""
    _restated(patch, errors.not_found, status=400)


@mutant("edge:errors")
def not_found_is_user_not_found(patch: Patch) -> None:
    """A missing resource has code 50200 instead of 20404."""
    _restated(patch, errors.not_found, code=50200)


@mutant("edge:errors")
def duplicate_is_400(patch: Patch) -> None:
    """A taken identity is answered with 400 instead of 409."""
    _restated(patch, errors.user_exists, status=400)


@mutant("edge:errors")
def duplicate_is_20409(patch: Patch) -> None:
    """A taken identity has the generic code 20409 instead of 50201."""
    _restated(patch, errors.user_exists, code=20409)


@mutant("edge:errors")
def missing_identity_is_20001(patch: Patch) -> None:
    """A missing identity has the generic code 20001 instead of 50204."""
    _restated(patch, errors.identity_missing, code=20001)


@mutant("edge:errors")
def method_not_allowed_is_404(patch: Patch) -> None:
    """A method that the path does not know is answered with 404."""
    _restated(patch, errors.method_not_allowed, status=404, code=20404)


@mutant("edge:errors")
def no_allow_header(patch: Patch) -> None:
    """A 405 does not say which methods there are."""
    _restated(patch, errors.method_not_allowed, allow=())


@mutant("edge:errors")
def error_without_code(patch: Patch) -> None:
    """An error body has no code."""
    _without(patch, "code")


@mutant("edge:errors")
def error_without_more_info(patch: Patch) -> None:
    """An error body has no more_info."""
    _without(patch, "more_info")


@mutant("edge:errors")
def error_status_is_text(patch: Patch) -> None:
    """The status in an error body is a text."""

    def text(real: Any, refused: Any) -> Any:
        return {**real(refused), "status": str(refused.status)}

    patch.around(resources.problem, text)


@mutant("edge:errors")
def error_wrapped(patch: Patch) -> None:
    """An error body is wrapped in another object."""
    patch.around(resources.problem, lambda real, refused: {"error": real(refused)})


def _restated(patch: Patch, refusal: Any, **changed: object) -> None:
    """Let every refusal that `refusal` makes carry other values."""

    def restated(real: Any, *args: Any, **kwargs: Any) -> Refused:
        return Refused(replace(real(*args, **kwargs).problem, **changed))

    patch.around(refusal, restated)


def _without(patch: Patch, key: str) -> None:
    def less(real: Any, refused: Any) -> Any:
        return {name: value for name, value in real(refused).items() if name != key}

    patch.around(resources.problem, less)
