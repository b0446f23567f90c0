"""The person behind a request.

A session holds the person's id, the account's epoch, when it began and when it was last in use, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

from flask import Flask, abort, g, has_request_context, session
from flask_login import current_user, login_user, logout_user
from werkzeug.local import LocalProxy

from engine.register import COORDINATOR, PROCESS_OWNER
from engine.store.accounts import Account, fetch_account
from web.context import house, reading, register_today
from web.extensions import login

SEEN_AGAIN = 60  # seconds after which a request is written into the cookie: signing it anew for every page costs more than it tells
LONGEST = timedelta(hours=12)  # a session ends then, however busy; eight idle hours end it too (app.py)


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in, with what the register says of them today."""

    account: Account
    is_authenticated: bool = field(default=True, init=False)
    is_anonymous: bool = field(default=False, init=False)

    @property
    def id(self) -> int:
        return self.account.person_id

    @property
    def username(self) -> str:
        return self.account.username

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def title(self) -> str:
        return self.account.title

    @property
    def party(self) -> str | None:
        return self.account.party

    @property
    def party_name(self) -> str | None:
        return self.account.party_name

    @property
    def locale(self) -> str:
        return self.account.locale

    @property
    def is_active(self) -> bool:
        return self.account.active

    @cached_property
    def roles(self) -> frozenset[str]:
        """Every role the person can act in today, also as a substitute, and `person:<id>`."""
        return frozenset(register_today().roles_of(self.id))

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Whose cases the person sees: party:x, body:y, person:n."""
        return frozenset(register_today().subjects_of(self.id))

    @property
    def is_coordinator(self) -> bool:
        return COORDINATOR in self.roles

    @property
    def is_owner(self) -> bool:
        return PROCESS_OWNER in self.roles

    def get_id(self) -> str:
        """What the session keeps (asked for by Flask-Login)."""
        return f"{self.id}.{self.account.epoch}"



def init_app(app: Flask) -> None:
    login.session_protection = None  # it ties a session to a network address: people with laptops change theirs all day
    login.user_loader(_load)
    # Asked for when a template uses it: an error page can do without the database. A global, so that macros see it too.
    app.before_request(_go_on)
    app.jinja_env.globals["person"] = LocalProxy(signed_in)


def _go_on() -> None:
    """Let the idle hours of a session count from now."""
    seen, now = session.get("seen", 0), house().clock.now().timestamp()
    if session.permanent and "began" in session and not 0 <= now - seen < SEEN_AGAIN:
        session["seen"] = now


def _load(kept: str) -> Person | None:
    person_id, _, epoch = kept.partition(".")
    began = session.get("began")
    if not person_id.isdecimal() or not isinstance(began, int | float):
        return None
    if house().clock.now() - datetime.fromtimestamp(began, UTC) > LONGEST:
        return None
    account = fetch_account(reading(), int(person_id))
    if account is None or not account.active or str(account.epoch) != epoch:
        return None
    return Person(account)


def begin(account: Account) -> None:
    """Sign the person in, in a session that shares nothing with the one before it."""
    session.clear()
    g.pop("csrf_token", None)  # Flask-WTF keeps it for the request; the new session gets its own
    session["began"] = house().clock.now().timestamp()
    session.permanent = True
    login_user(Person(account))


def end() -> None:
    """Sign out and forget the session."""
    logout_user()
    session.clear()
    g.pop("csrf_token", None)


def signed_in() -> Person | None:
    """The person who asks, or None."""
    if not has_request_context() or g.get("nobody", False):
        return None
    if "caller" in g:  # a program, see `programs`: it is known by what it sent along, never by a cookie
        called: Person = g.caller.person
        return called
    person = current_user._get_current_object()
    return person if isinstance(person, Person) else None


def current_person() -> Person:
    """The person who asks; for pages that only people who are signed in reach."""
    person = signed_in()
    if person is None:
        abort(401)
    return person


def serve_as_nobody() -> None:
    """Finish this request without asking who it is: the answer to a fault must not depend on what is broken."""
    g.nobody = True
