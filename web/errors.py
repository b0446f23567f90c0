"""Error pages: what happened, what is safe, what to do."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.store.database import is_away
from web.auth.sessions import serve_as_nobody


@dataclass(frozen=True, slots=True)
class Explanation:
    """The words of an error page: three short answers."""

    title: Any
    happened: Any
    safe: Any
    todo: Any


EXPLANATIONS = {
    400: Explanation(
        _l("The request could not be read"),
        _l("What the browser sent was not what this page expects."),
        _l("Nothing has been saved or changed."),
        _l("Go back, load the page again and try once more."),
    ),
    401: Explanation(
        _l("Sign in first"),
        _l("You are not signed in, or your session has ended."),
        _l("Nothing has been saved or changed by your last step."),
        _l("Sign in, and do it again."),
    ),
    403: Explanation(
        _l("You have no access to this page"),
        _l("It belongs to a case or a part of the service that your roles do not cover today."),
        _l("Nothing is wrong with your account, and nothing has been changed."),
        _l("If you need it for your work, ask a coordinator to involve you."),
    ),
    404: Explanation(
        _l("The page does not exist"),
        _l("The address may be misspelt, or what was there has been removed."),
        _l("Nothing has been changed. Cases are never lost: search for the case by its number."),
        _l("Check the address, or start from your tasks."),
    ),
    405: Explanation(
        _l("The page cannot be opened this way"),
        _l("The address is meant for a button on another page."),
        _l("Nothing has been saved or changed."),
        _l("Start from your tasks."),
    ),
    409: Explanation(
        _l("Somebody was here before you"),
        _l("What you worked on was changed while you had it open."),
        _l("The other person's change is saved. Yours is not."),
        _l("Open it again to see how it stands now."),
    ),
    413: Explanation(
        _l("The file is too large"),
        _l("What you sent is larger than this service accepts."),
        _l("Nothing of what you sent was saved. Everything from before remains."),
        _l("Send a smaller file, or split it in parts."),
    ),
    429: Explanation(
        _l("Too many attempts"),
        _l("There have been many attempts in a short time, and the service waits to protect the account."),
        _l("The account and everything in it is untouched. Sessions that are open go on."),
        _l("Wait fifteen minutes and try again. If you have forgotten the password, ask the administrator for a new one."),
    ),
    500: Explanation(
        _l("Something went wrong here"),
        _l("The fault is ours. It has been written in the log."),
        _l("The step was undone as a whole: everything stands as it did before it."),
        _l("Try again in a while. If it happens again, tell the administrator the number below."),
    ),
    503: Explanation(
        _l("The database is away for a moment"),
        _l("The connection to the database was lost. The service finds it again by itself."),
        _l("Everything that was saved before stands. Whether your last step was saved cannot be said from here."),
        _l("Wait a moment, look how the task or the case stands, and do the step again if it was not done."),
    ),
}
FORM_EXPIRED = Explanation(
    _l("The form was no longer valid"),
    _l("The session that the form was opened in has ended, or the form was opened in another browser."),
    _l("Nothing has been saved or changed."),
    _l("Go back, copy what you have written, load the page again and send it."),
)


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _explained)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(Exception, _unforeseen)


def explain(code: int, explanation: Explanation, *, details: str = "", reference: str = "") -> ResponseReturnValue:
    """Answer with an error page; `details` is one more sentence of what happened."""
    page = render_template("errors/error.html", code=code, explanation=explanation, details=details, reference=reference)
    response = make_response(page, code)
    if request.headers.get("HX-Request"):
        response.headers["HX-Retarget"] = "body"  # htmx puts the page in place of the whole body, not of a fragment
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _explained(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    for told in current_app.extensions.get("samverka.faults", ()):  # programs are answered in their own terms
        if (found := told(error)) is not None:
            return cast(ResponseReturnValue, found)
    answer = explain(code, EXPLANATIONS.get(code) or EXPLANATIONS[400 if code < 500 else 500])
    return answer


def _form_expired(error: CSRFError) -> ResponseReturnValue:
    return explain(400, FORM_EXPIRED)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    if current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS") is not False:
        raise error
    if is_away(error):
        current_app.logger.warning("the database was away at %s %s: %s", request.method, request.path, error)
        serve_as_nobody()
        return explain(503, EXPLANATIONS[503])
    reference = secrets.token_hex(4)
    current_app.logger.exception("error %s at %s %s", reference, request.method, request.path, exc_info=error)
    serve_as_nobody()
    return explain(500, EXPLANATIONS[500], reference=reference)
