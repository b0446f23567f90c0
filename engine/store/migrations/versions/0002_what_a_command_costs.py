"""What a command costs: a stamp for the register, and indexes without the rows that nobody looks for"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

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
    if op.get_context().dialect.name == "sqlite":
        _stamp_on_sqlite()
    else:
        _stamp_on_postgresql()


def _stamp_on_sqlite() -> None:
    op.execute("INSERT INTO register_stamp (id, stamp) VALUES (1, hex(randomblob(16)))")
    for table in REGISTER:
        for change in ("insert", "update", "delete"):
            op.execute(
                f"CREATE TRIGGER stamp_{table}_{change} AFTER {change.upper()} ON {table} "
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
