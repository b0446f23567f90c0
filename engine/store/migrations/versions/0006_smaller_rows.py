"""Digests as bytes, and one index less for who may see a case"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

BESIDE = "fk_history_content_instance_id_number"


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _digests_on_sqlite("from_hex", _from_hex, sa.LargeBinary())
    else:
        op.execute("ALTER TABLE history ALTER COLUMN content_digest TYPE bytea USING decode(content_digest, 'hex')")
    _key_of_involvement("subject", "root_id")


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _digests_on_sqlite("to_hex", bytes.hex, sa.Text())
    else:
        op.execute("ALTER TABLE history ALTER COLUMN content_digest TYPE text USING encode(content_digest, 'hex')")
    _key_of_involvement("root_id", "subject", with_index=True)


def _digests_on_sqlite(name: str, convert: Callable[..., Any], kind: Any) -> None:
    """A table is made anew to change a column's type. Meanwhile nothing may refer to it."""
    driver: Any = op.get_bind().connection.driver_connection
    driver.create_function(name, 1, convert, deterministic=True)
    with _content() as batch:
        batch.drop_constraint(BESIDE, type_="foreignkey")
    with op.batch_alter_table("history", recreate="always") as batch:
        batch.alter_column("content_digest", type_=kind, existing_nullable=True)
    op.execute(f"UPDATE history SET content_digest = {name}(content_digest) WHERE content_digest IS NOT NULL")  # noqa: S608
    with _content() as batch:
        batch.create_foreign_key(BESIDE, "history", ["instance_id", "number"], ["instance_id", "number"])


def _content() -> Any:
    return op.batch_alter_table("history_content", recreate="always", table_kwargs={"sqlite_with_rowid": False})


def _from_hex(digest: str | bytes) -> bytes:
    return bytes.fromhex(digest if isinstance(digest, str) else digest.decode())


def _key_of_involvement(*columns: str, with_index: bool = False) -> None:
    """What is asked for is nearly always all that somebody may see, and whether somebody may see one case: one order serves both."""
    if not with_index:
        op.drop_index("ix_involvement_subject", "involvement")
    if op.get_context().dialect.name == "sqlite":
        with op.batch_alter_table("involvement", recreate="always", table_kwargs={"sqlite_with_rowid": False}) as batch:
            batch.drop_constraint("pk_involvement", type_="primary")
            batch.create_primary_key("pk_involvement", list(columns))
    else:
        op.drop_constraint("pk_involvement", "involvement", type_="primary")
        op.create_primary_key("pk_involvement", "involvement", list(columns))
    if with_index:
        op.create_index("ix_involvement_subject", "involvement", ["subject", "root_id"])
