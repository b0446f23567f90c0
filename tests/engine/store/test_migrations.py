"""A database made by the migrations equals the declared tables, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.store import Database
from engine.store.migrate import current_revision, newest_revision
from engine.store.tables import metadata


def test_the_migrated_schema_is_the_declared_one(empty_database: Database) -> None:
    empty_database.migrate()
    with empty_database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": False})
        assert compare_metadata(context, metadata) == []
    assert current_revision(empty_database.engine) == newest_revision()


def test_migrating_twice_changes_nothing(empty_database: Database) -> None:
    empty_database.migrate()
    empty_database.migrate()
    assert current_revision(empty_database.engine) == newest_revision()
