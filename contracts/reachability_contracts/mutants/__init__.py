"""Mutants: the fake with one thing wrong, to prove that the suites would notice.

Each module holds the mutants of one part of the contract.  They were written from the rules and
from what is known of the live service, not from the tests.  A mutant patches the core, the codecs,
the store or the keyring from outside; the product knows nothing of them.
"""

from __future__ import annotations

from reachability_contracts.mutants import (
    answers,
    auth,
    deletes,
    latches,
    nulls,
    paging,
    params,
    push,
    resources,
    roles,
    scopes,
    switch,
    timing,
)
from reachability_contracts.mutants.patch import FellOver, Mutant, PatchedNothing

__all__ = ["ALL_MUTANTS", "FellOver", "Mutant", "PatchedNothing", "mutant_named"]

ALL_MUTANTS: tuple[Mutant, ...] = tuple(
    mutant
    for module in (
        nulls,
        latches,
        push,
        switch,
        scopes,
        timing,
        auth,
        params,
        paging,
        answers,
        deletes,
        roles,
        resources,
    )
    for mutant in module.MUTANTS
)
"""Every mutant there is, the rules' first and the edges' after them."""


def mutant_named(name: str) -> Mutant:
    """The mutant called `name`.

    Raises:
        KeyError: there is none of that name.
    """
    return {mutant.id: mutant for mutant in ALL_MUTANTS}[name]
