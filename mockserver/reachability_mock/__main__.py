"""``python -m reachability_mock`` is the command ``reachability-mock``."""

from reachability_mock.cli import main

main()
