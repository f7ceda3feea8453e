"""`contract observe`: a recording proxy that holds somebody's own traffic against the rules."""
