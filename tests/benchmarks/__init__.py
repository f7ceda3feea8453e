"""The benchmarks themselves are measured here: that they do what they say."""
