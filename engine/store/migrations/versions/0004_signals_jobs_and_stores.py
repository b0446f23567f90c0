"""Signals, jobs, timers that start processes, data stores"""

import sqlalchemy as sa
from alembic import op

from engine.store.tables import Moment

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


COMMENTS = {
    ("errand", "kind"): "message, signal, begin, call, return, error, escalation, cancel, service or job",
    ("subscription", "message"): "the message's or signal's name",
    ("subscription", "correlation"): "the business key it answers to; empty for a signal",
    ("start_subscription", "message"): "the message's or signal's name",
}


def upgrade() -> None:
    for table in ("subscription", "start_subscription"):
        kind = sa.Column("kind", sa.Text(), server_default="message", nullable=False, comment="message or signal")
        op.add_column(table, kind)
    op.add_column("errand", sa.Column("tries", sa.Integer(), server_default="3", nullable=False, comment="how many it may have before a coordinator is asked"))
    delays = "seconds before each further try, as the diagram says; null: the engine's own"
    op.add_column("errand", sa.Column("delays", sa.JSON(), nullable=True, comment=delays))
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments
        for (table, column), comment in COMMENTS.items():
            op.alter_column(table, column, existing_type=sa.Text(), existing_nullable=None, comment=comment)
    op.create_table(
        "start_timer",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("definition_id", ID, nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("timer", sa.JSON(), nullable=False, comment="as engine.bpmn.timers.Timer.state writes it"),
        sa.Column("due_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"], name=op.f("fk_start_timer_definition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_timer")),
    )
    op.create_index(op.f("ix_start_timer_definition_id"), "start_timer", ["definition_id"])
    op.create_index(op.f("ix_start_timer_due_at"), "start_timer", ["due_at"])
    op.create_table(
        "data_store",
        sa.Column("name", sa.Text(), nullable=False, comment="as the diagrams name it: one store for all instances"),
        sa.Column("value", sa.LargeBinary(), nullable=False, comment="codec.py"),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("changed_by", ID, nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["instance.id"], name=op.f("fk_data_store_changed_by")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_data_store")),
    )


def downgrade() -> None:
    op.drop_table("data_store")
    op.drop_table("start_timer")
    for table, column in (("errand", "delays"), ("errand", "tries"), ("start_subscription", "kind"), ("subscription", "kind")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
