"""Tests of the composition root: starting, serving and stopping."""
