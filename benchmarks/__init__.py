"""The figures of docs/performance.md, measured here and now: ``python -m benchmarks``."""
