"""The fake as real clients see it, over a real socket."""
