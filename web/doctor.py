"""Looks at what the service rests on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from engine.clock import CIVIL
from engine.store import Database
from engine.store.migrate import current_revision, newest_revision
from web.config import Settings
from web.i18n import CATALOGUES

WEB = Path(__file__).parent
BUNDLES = (WEB / "assets/dist/app.css", WEB / "assets/dist/app.js", WEB.parent / "engine/toolkit/dist/toolkit.js")
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)  # a clock before the product's first version is wrong
DRIFT = 5  # seconds between this machine's clock and the database server's


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `remedy` is what to do when it is not fine."""

    what: str
    fine: bool
    found: str
    remedy: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at one thing after the other; a fault does not hide the ones after it."""
    yield _data_folder(settings)
    yield _secret(settings)
    yield from _database(settings)
    yield _clock()
    yield _assets()
    yield _catalogues()


def _data_folder(settings: Settings) -> Finding:
    folder = settings.documents
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fine = os.access(folder, os.W_OK)
        found = f"{folder} {'can' if fine else 'cannot'} be written to"
    except OSError as error:
        fine, found = False, str(error)
    return Finding("data folder", fine, found, "Let the service's user write to it, or set SAMVERKA_DATA.")


def _secret(settings: Settings) -> Finding:
    file = settings.data / "secret-key"
    if os.environ.get("SAMVERKA_SECRET_KEY"):
        return Finding("secret", True, "from SAMVERKA_SECRET_KEY")
    mode = file.stat().st_mode & 0o777
    return Finding("secret", mode & 0o077 == 0, f"{file}, mode {mode:o}", f"chmod 600 {file}")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        database = Database(settings.database_url)
        with database.read() as connection:
            connection.execute(text("select 1"))
    except (SQLAlchemyError, ValueError, OSError) as error:
        yield Finding("database", False, str(error).splitlines()[0], "Check SAMVERKA_DATABASE_URL and that the server answers.")
        return
    try:
        yield Finding("database", True, f"{database.dialect} answers")
        stands, wanted = current_revision(database.engine), newest_revision()
        yield Finding("tables", stands == wanted, f"revision {stands or 'none'}, this version needs {wanted}", "Run: samverka init")
        if database.dialect == "postgresql":
            yield _drift(database)
    finally:
        database.close()


def _drift(database: Database) -> Finding:
    with database.read() as connection:
        theirs: datetime = connection.execute(text("select clock_timestamp()")).scalar_one()
    seconds = abs((datetime.now(UTC) - theirs).total_seconds())
    found = f"{seconds:.1f} s from this machine's"
    return Finding("database's clock", seconds <= DRIFT, found, "Let both machines follow a time server.")


def _clock() -> Finding:
    now = datetime.now(UTC)
    found = f"{now:%Y-%m-%d %H:%M} UTC, {now.astimezone(CIVIL):%H:%M} in Västerbotten"
    return Finding("clock", now >= EARLIEST, found, "Set the machine's clock: deadlines follow it.")


def _assets() -> Finding:
    missing = [str(file.relative_to(WEB.parent)) for file in BUNDLES if not file.exists()]
    return Finding("assets", not missing, f"missing: {', '.join(missing)}" if missing else "built", "Run: make assets")


def _catalogues() -> Finding:
    stale = [
        source.name for source in sorted(CATALOGUES.glob("*/LC_MESSAGES/*.po"))
        if not _newer(source.with_suffix(".mo"), source)
    ]  # fmt: skip
    return Finding("languages", not stale, f"not compiled: {', '.join(stale)}" if stale else "compiled", "Run: make assets")


def _newer(made: Path, source: Path) -> bool:
    return made.exists() and made.stat().st_mtime >= source.stat().st_mtime


