"""Tests, laid out as src/helpers is."""
