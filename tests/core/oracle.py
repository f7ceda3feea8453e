"""The second opinion, which ships with the package, by the name that the tests know."""

from reachability_mock.oracle import Delays, Happening, expected

__all__ = ["Delays", "Happening", "expected"]
