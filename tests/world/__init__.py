"""The shell around the core: store, world, journal, bus, keyring, settings, clock."""
