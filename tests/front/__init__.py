"""Tests of the ASGI front and of one connection, over real sockets where it matters."""
