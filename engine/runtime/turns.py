"""Turns that the lock on an instance's row cannot give, since what is fought over is not one instance.

On SQLite a write transaction has the database to itself, and there is nothing to take.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, select


def take_turn(connection: Connection, what: str) -> None:
    """Wait until no other transaction has the turn for `what`, and keep it until this one ends.

    Whoever takes several takes them in sorted order and never waits for an instance afterwards, so that nobody waits in a circle.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))


def message_turn(message: str) -> str:
    """Beginning to wait for a message and finding nobody who waits for it exclude each other; else each could miss the other."""
    return f"message {message}"
