"""Numbers that people and programs hold are never given to something else"""

from alembic import op

revision = "0005"
down_revision = "0004"

# Their rows go when they are over. SQLite would give the number of the last one to the next, and whoever still holds it, a worker
# who answers again, a page that was left open, would reach another case. PostgreSQL's sequences never go back.
HELD = ("external_task", "subscription")


def upgrade() -> None:
    _recreate(sqlite_autoincrement=True)


def downgrade() -> None:
    _recreate(sqlite_autoincrement=False)


def _recreate(**kept: bool) -> None:
    if op.get_context().dialect.name != "sqlite":
        return
    for table in HELD:
        with op.batch_alter_table(table, recreate="always", table_kwargs=kept):
            pass
