"""Attempts to break out of what is written by others, or to exhaust the host with it."""
