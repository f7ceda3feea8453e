"""The client SDKs' side: their sockets, and what is pushed through them."""
