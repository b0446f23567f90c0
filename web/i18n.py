"""Which language a page speaks: asked for in the address, else the account's, else remembered by the browser, else Swedish."""

from __future__ import annotations

from pathlib import Path

import flask
from flask import Flask, request
from flask_babel import get_locale
from werkzeug.wrappers import Response

from web.auth.sessions import signed_in

LOCALES = {"sv": "Svenska", "en": "English"}
COOKIE = "samverka_lang"
CATALOGUES = Path(__file__).parent / "translations"


def domains() -> list[str]:
    """The catalogues: one a part of the site, `base` first."""
    names = {file.stem for kind in ("po", "mo") for file in CATALOGUES.glob(f"*/LC_MESSAGES/*.{kind}")}
    return sorted(names | {"base"}, key=lambda name: (name != "base", name))


def choose_locale() -> str:
    """The language of this request, one of LOCALES."""
    person = signed_in()
    for wanted in (request.args.get("lang"), person.locale if person else None, request.cookies.get(COOKIE)):
        if wanted in LOCALES:
            return wanted
    return "sv"


def locale() -> str:
    """The language of this request as two letters."""
    return str(get_locale() or "sv")[:2]


def remember(response: Response, language: str) -> None:
    """Let the browser remember `language` for a year."""
    response.set_cookie(COOKIE, language, max_age=365 * 86400, httponly=True, samesite="Lax", secure=request.is_secure, path="/")


def remember_asked(response: flask.Response) -> flask.Response:
    """`?lang=` holds for the pages that follow, too."""
    asked = request.args.get("lang")
    if asked in LOCALES and request.cookies.get(COOKIE) != asked:
        remember(response, asked)
    return response


def init_app(app: Flask) -> None:
    app.after_request(remember_asked)
    app.jinja_env.globals.update(locale=locale, LOCALES=LOCALES)
