"""The handle and what it hands out."""
