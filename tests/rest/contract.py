"""Holding an answer against openapi.yaml."""

from __future__ import annotations

from tests.openapi.document import accepts, answer_schema
from tests.rest.api import Reply


def fits(reply: Reply, operation: str) -> Reply:
    """The answer itself, if it is what the contract says of that operation and status."""
    schema = answer_schema(operation, str(reply.status))
    assert schema is not None
    assert accepts(schema, reply.json), (operation, reply.json)
    return reply
