"""Who may do what: a rule on every route, and a question per case."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Literal, ParamSpec, TypeVar

from flask import abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.store.involvement import fetch_is_involved
from web.auth.sessions import Person, current_person, signed_in
from web.context import reading

Rule = Literal["anyone", "official", "coordinator", "owner"]
P = ParamSpec("P")
R = TypeVar("R", bound=ResponseReturnValue)


def access(rule: Rule) -> Callable[[Callable[P, R]], Callable[P, R | ResponseReturnValue]]:
    """Put on every view, nearest the function: `@bp.get("/…")` above `@access("official")`.

    anyone: also without signing in. official: everybody who is signed in. coordinator, owner: by office in the register, today.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R | ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | ResponseReturnValue:
            if rule != "anyone":
                person = signed_in()
                if person is None:
                    return ask_to_sign_in()
                if not _holds(person, rule):
                    abort(403)
            return view(*args, **kwargs)

        guarded.access_rule = rule  # type: ignore[attr-defined]  # read by the structural test
        return guarded

    return decorate


def _holds(person: Person, rule: Rule) -> bool:
    if rule == "coordinator":
        return person.is_coordinator
    if rule == "owner":
        return person.is_owner
    return True


def ask_to_sign_in() -> ResponseReturnValue:
    """Lead to the sign-in page and back; what was sent by a form is not carried along, and that is said."""
    if request.method in ("GET", "HEAD") and "HX-Request" not in request.headers:
        back: str | None = request.full_path.rstrip("?")
    else:
        back = None
        flash(_("You were signed out. Nothing of what you last sent was saved: sign in and send it again."), "warning")
    target = url_for("auth.sign_in", next=back)
    if "HX-Request" in request.headers:
        response = make_response("", 200)
        response.headers["HX-Redirect"] = target
        return response
    return redirect(target)


def may_see(root_id: int) -> bool:
    """Whether the person who asks may see the case: a coordinator all, others those of their party, bodies and self."""
    person = current_person()
    return person.is_coordinator or fetch_is_involved(reading(), root_id, person.subjects)


def require_sight(root_id: int) -> None:
    """Stop with the no-access page unless the person who asks may see the case."""
    if not may_see(root_id):
        abort(403)
