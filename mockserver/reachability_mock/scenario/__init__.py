"""Scenarios: YAML files that set a world up, let things happen and say what must be seen then."""
