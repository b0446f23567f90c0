"""`make chaos`: the real server killed again and again under load, on both databases, and PostgreSQL restarted beneath it."""
