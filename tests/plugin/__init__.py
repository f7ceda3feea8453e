"""The pytest plugin, driven by pytester."""
