"""What a command costs: a stamp for the register, and indexes without the rows that nobody looks for"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# Columns that most rows leave empty: an index of those that do not is all that anybody asks.
SELDOM = [("instance", name) for name in ("root_id", "parent_id", "body", "party", "event_date", "next_due")]
SELDOM.append(("task", "assignee_id"))
# Tables that are their own primary key: on SQLite one tree instead of two.
ONE_TREE = ("involvement", "task_role", "history_content")
REGISTER = ("party", "body", "quota", "person", "appointment", "absence")


def upgrade() -> None:
    op.create_table(
        "register_stamp",
        sa.Column("id", sa.Integer(), nullable=False, comment="always 1"),
        sa.Column(
            "stamp",
            sa.Text(),
            nullable=False,
            comment="renewed by triggers at every change of the tables above, whoever makes it",
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_register_stamp_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_stamp")),
    )
    for table, column in SELDOM:
        there = sa.text(f"{column} IS NOT NULL")
        op.drop_index(f"ix_{table}_{column}", table)
        op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=there, postgresql_where=there)
    cases = sa.text("parent_id IS NULL AND kind IN ('case', '')")
    op.drop_index("ix_instance_kind_status_changed_at", "instance")
    op.create_index(
        "ix_instance_cases", "instance", ["status", "changed_at", "id"], sqlite_where=cases, postgresql_where=cases
    )
    if op.get_context().dialect.name == "sqlite":
        _stamp_on_sqlite()
        for table in ONE_TREE:
            with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_with_rowid": False}):
                pass
    else:
        _stamp_on_postgresql()


def _stamp_on_sqlite() -> None:
    op.execute("INSERT INTO register_stamp (id, stamp) VALUES (1, hex(randomblob(16)))")
    for table in REGISTER:
        for change in ("insert", "update", "delete"):
            op.execute(
                f"CREATE TRIGGER stamp_{table}_{change} AFTER {change.upper()} ON {table} "  # noqa: S608  # names of our own
                "BEGIN UPDATE register_stamp SET stamp = hex(randomblob(16)); END"
            )


def _stamp_on_postgresql() -> None:
    op.execute("INSERT INTO register_stamp (id, stamp) VALUES (1, gen_random_uuid()::text)")
    op.execute(
        "CREATE FUNCTION renew_register_stamp() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN UPDATE register_stamp SET stamp = gen_random_uuid()::text; RETURN NULL; END $$"
    )
    for table in REGISTER:
        op.execute(
            f"CREATE TRIGGER stamp_{table} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION renew_register_stamp()"
        )
