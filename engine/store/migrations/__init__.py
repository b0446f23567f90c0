"""Alembic's folder: one revision a change of schema, never edited after a release.

A revision speaks in its own words (no import of `tables`), since the tables go on changing after it.
"""
