"""The SDKs' side: hub, listener, and sockets."""
