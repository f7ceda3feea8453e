"""What scenarios are played against: a fake in this process, or a service over HTTP."""

from reachability_mock.targets.http import HttpTarget
from reachability_mock.targets.in_process import InProcessTarget

__all__ = ["HttpTarget", "InProcessTarget"]
