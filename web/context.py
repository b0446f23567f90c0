"""What a page may reach: the parts of the engine, and this request's reading connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import current_app, g
from sqlalchemy import Connection

from engine.clock import Clock, civil_date
from web.extensions import db

if TYPE_CHECKING:
    from engine.register import Day, Register
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
    found: Connection | None = g.get("reading")
    if found is None:
        found = g.reading = db.session.connection()
    return found


def forget_what_was_read() -> None:
    """After a command: what is read from here on is what the command wrote."""
    if g.pop("reading", None) is not None:
        db.session.rollback()


def reading_again() -> Connection:
    """After a command: a view that holds what the command wrote."""
    forget_what_was_read()
    return reading()


def register_today() -> Day:
    """The register as it stands today, as this request finds it: who acts, and in what."""
    found: Day | None = g.get("register_today")
    if found is None:
        found = g.register_today = house().register.day(today(), connection=reading())
    return found


def today() -> date:
    """The civil date in Västerbotten by the house's clock."""
    return civil_date(house().clock.now())
