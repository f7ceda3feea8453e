"""The pure core, by itself: no HTTP, no store, no clock but the one of `stage`."""
