"""Workers and access tokens"""

import sqlalchemy as sa
from alembic import op

from engine.store.tables import Moment

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "access_token",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="what it is for, in the words of whoever made it"),
        sa.Column("digest", sa.Text(), nullable=False, comment="SHA-256 of the token, which is shown once and kept nowhere"),
        sa.Column("rights", sa.JSON(), nullable=False, comment="read, act, work, deploy: what the person may do through it"),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("used_at", Moment(), nullable=True, comment="last use, to the minute"),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_access_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_access_token_digest")),
    )
    op.create_index(op.f("ix_access_token_person_id"), "access_token", ["person_id"])
    op.create_table(
        "external_task",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column(
            "priority", sa.Integer(), server_default="0", nullable=False, comment="higher first, for workers that ask by priority"
        ),
        sa.Column("inputs", sa.LargeBinary(), nullable=False, comment="its input parameters: codec.py"),
        sa.Column("worker", sa.Text(), nullable=True, comment="who has or had the lock"),
        sa.Column(
            "locked_until", Moment(), nullable=True, comment="nobody else may fetch it before; also the pause after a failure"
        ),
        sa.Column("retries", sa.Integer(), nullable=True, comment="tries left as the last failure said; null: none has failed yet"),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("error_details", sa.Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_external_task_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_task")),
        sa.UniqueConstraint("instance_id", "token", name=op.f("uq_external_task_instance_id_token")),
    )
    op.create_index(op.f("ix_external_task_instance_id"), "external_task", ["instance_id"])
    op.create_index("ix_external_task_topic_locked_until", "external_task", ["topic", "locked_until"])


def downgrade() -> None:
    op.drop_table("external_task")
    op.drop_table("access_token")
