"""HTTPS without touching the app: routes, certificates, the proxy, and real clients through it."""
