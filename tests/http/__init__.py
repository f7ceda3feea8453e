"""Tests of the HTTP adapter: what every request meets, and the control plane."""
