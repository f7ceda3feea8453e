"""Tests of openapi.yaml by itself: no server is asked."""
