"""Tables, connections, migrations and the codec of instance state; and the read queries that pages ask.

Rows of an instance are written by `engine.runtime` alone. Every time is stored in UTC and leaves here time-zone-aware.
"""

from engine.store.database import Database

__all__ = ["Database"]
