"""What a page may reach: the parts of the engine, and this request's reading connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import current_app
from sqlalchemy import Connection

from engine.clock import Clock, civil_date
from web.extensions import db

if TYPE_CHECKING:
    from engine.register import Register
    from engine.runtime import Runtime
    from engine.store import Database
    from engine.toolkit import Toolkit


@dataclass(frozen=True, slots=True)
class Samverka:
    """The house: one of each part, shared by every request of the process.

    Attributes:
        database: pages read by `reading()` and write rows of their own in `database.write()`.
        runtime: the only writer of instances.
        register: who holds which role on a day.
        documents: the folder of uploaded files.
    """

    database: Database
    runtime: Runtime
    register: Register
    clock: Clock
    toolkit: Toolkit
    documents: Path


def house() -> Samverka:
    """The house of the current application."""
    return cast(Samverka, current_app.extensions["samverka"])


def reading() -> Connection:
    """This request's connection for reading: one consistent view, closed with the request."""
    return db.session.connection()


def reading_again() -> Connection:
    """After a command: a view that holds what the command wrote."""
    db.session.rollback()
    return reading()


def today() -> date:
    """The civil date in Västerbotten by the house's clock."""
    return civil_date(house().clock.now())
