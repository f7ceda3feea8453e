"""HTTPS for apps that cannot be pointed anywhere: a CONNECT proxy and a certificate authority.

Only `authority` and `trust` need the extra ``reachability-mock[proxy]``.
"""
