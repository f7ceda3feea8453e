"""Hypothesis strategies for users of the package."""
