"""The HTTP adapter: Flask.  Views parse, ask the core, and render; they decide nothing."""
