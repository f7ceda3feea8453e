"""Containers and CI, without an engine: what the files say is parsed and run on this machine."""
