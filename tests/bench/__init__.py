"""Measurements, each a ratio to a named baseline of the same run: `make bench`. No time limit here is ever a test."""
