"""The tests, in folders that mirror the source; what they share is in `tests.tools`."""
