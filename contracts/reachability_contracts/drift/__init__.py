"""Drift: how far our document, the published one and the SDK have come apart."""
