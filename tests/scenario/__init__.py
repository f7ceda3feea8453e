"""Scenarios: loading, complaining, playing, reporting."""
