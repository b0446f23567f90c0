"""Programs that call: Basic authentication with a person's account, or Bearer with an access token. No cookie counts here."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Literal, ParamSpec, TypeVar

from flask import Blueprint, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import Unauthorized

from engine.runtime import Actor
from engine.store.access_tokens import fetch_token, is_use_to_be_noted, save_used
from engine.store.accounts import fetch_account, fetch_account_of
from engine.store.cases import Viewer
from web.auth import passwords
from web.auth.sessions import Person
from web.auth.tokens import digest_of
from web.context import house, reading
from web.extensions import csrf, limiter
from web.rights import RIGHTS, Right

Rule = Literal["read", "act", "work", "deploy", "coordinator"]
P = ParamSpec("P")
R = TypeVar("R", bound=ResponseReturnValue)


@dataclass(frozen=True)
class Caller:
    """The person in whose name a program calls, and what it may do: no more than the person may."""

    person: Person
    rights: frozenset[Right]

    @property
    def actor(self) -> Actor:
        return Actor(self.person.id, self.person.name)

    @property
    def sees_everything(self) -> bool:
        """Coordinators do, and programs that do the work of every case."""
        return self.person.is_coordinator or "work" in self.rights

    @property
    def viewer(self) -> Viewer:
        return None if self.sees_everything else self.person.subjects


def program(rule: Rule) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Put on every route for programs, nearest the function. read, act, work, deploy: a right (see `web.rights`);
    coordinator: the office, and the right to act."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            _require(rule)
            return view(*args, **kwargs)

        guarded.access_rule = f"program:{rule}"  # type: ignore[attr-defined]  # read by the structural test
        return guarded

    return decorate


def protect(bp: Blueprint) -> None:
    """What holds for every blueprint that programs call: no form tokens, and a bound on failed sign-ins."""
    csrf.exempt(bp)
    limiter.limit("10 per 15 minutes", key_func=_name_key, deduct_when=_failed)(bp)
    limiter.limit("40 per 15 minutes", key_func=get_remote_address, deduct_when=_failed)(bp)


def caller() -> Caller:
    """Who calls; known once the route's rule has been checked."""
    found: Caller | None = g.get("caller")
    if found is None:
        raise Unauthorized("Sign in with Basic or Bearer.")
    return found


def _require(rule: Rule) -> None:
    if "caller" not in g:
        found = _authenticated()
        if found is None:
            raise Unauthorized("Sign in with Basic (username and password) or Bearer (an access token).")
        g.caller = found
    who: Caller = g.caller
    if rule == "coordinator":
        if not who.person.is_coordinator or "act" not in who.rights:
            abort(403, "This is a coordinator's to do.")
    elif rule not in who.rights:
        abort(403, WHO_MAY[rule])


WHO_MAY: dict[Right, str] = {
    "read": "Sign in to read.",
    "act": "This token does not carry the right to act.",
    "work": "Doing the work of service tasks needs an access token with the right “work”, or a coordinator or process owner.",
    "deploy": "Deploying is the process owner's right.",
}


def _authenticated() -> Caller | None:
    kind, _, credentials = request.headers.get("Authorization", "").partition(" ")
    found: Caller | None = None
    if kind.lower() == "basic":
        found = _by_password(*_decoded(credentials))
    elif kind.lower() == "bearer":
        found = _by_token(credentials.strip())
    g.sign_in_failed = bool(credentials) and found is None
    return found


def _decoded(credentials: str) -> tuple[str, str]:
    """Username and password; clients send UTF-8 or Latin-1 and do not say which."""
    try:
        raw = base64.b64decode(credentials.strip(), validate=True)
    except (binascii.Error, ValueError):
        return "", ""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    username, _, password = text.partition(":")
    return username.strip().lower()[:200], password


def _by_password(username: str, password: str) -> Caller | None:
    if not username or "\0" in username:
        return None
    account = fetch_account_of(reading(), username)
    if not _matches(account.password if account else None, password) or account is None or not account.active:
        return None
    person = Person(account)
    rights: set[Right] = {"read", "act"}
    if person.is_owner:
        rights |= {"work", "deploy"}
    elif person.is_coordinator:
        rights.add("work")
    return Caller(person, frozenset(rights))


def _by_token(token: str) -> Caller | None:
    now = house().clock.now()
    found = fetch_token(reading(), digest_of(token), now) if token else None
    account = fetch_account(reading(), found.person_id) if found else None
    if found is None or account is None or not account.active:
        return None
    if is_use_to_be_noted(found, now):
        with house().database.write() as connection:
            save_used(connection, found.id, now)
    person = Person(account)
    held: set[Right] = {right for right in RIGHTS if right in found.rights and (right != "deploy" or person.is_owner)}
    return Caller(person, frozenset(held | {"read"}))


class _Proven:
    """Passwords that were right a moment ago, as keyed digests over password and stored hash: a worker that signs each of its
    calls does not wait for argon2 each time, and a changed password is another digest."""

    most = 512

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[bytes, None] = OrderedDict()

    def __contains__(self, proof: bytes) -> bool:
        with self._lock:
            return proof in self._known

    def add(self, proof: bytes) -> None:
        with self._lock:
            self._known[proof] = None
            while len(self._known) > self.most:
                self._known.popitem(last=False)


_proven = _Proven()


def _matches(stored: str | None, password: str) -> bool:
    key = str(current_app.config["SECRET_KEY"]).encode()
    proof = hmac.digest(key, f"{stored}\0{password}".encode("utf-8", "surrogateescape"), hashlib.sha256)
    if stored is not None and proof in _proven:
        return True
    if not passwords.matches(stored, password):
        return False
    _proven.add(proof)
    return True


def _failed(response: object) -> bool:
    return bool(g.get("sign_in_failed", False))


def _name_key() -> str:
    kind, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic":
        return f"program:{_decoded(credentials)[0]}"
    return f"program:{digest_of(credentials.strip())}"
