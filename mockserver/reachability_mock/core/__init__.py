"""The functional core: what reachability *is*, with no I/O, clock, or randomness in it."""
