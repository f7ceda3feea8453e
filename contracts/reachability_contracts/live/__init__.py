"""The real API, safely: a guarded session, a ledger on disk, a budget, and a cleanup."""
