"""Which language a page speaks: asked for in the address, else the account's, else remembered by the browser, else Swedish."""

from __future__ import annotations

from pathlib import Path

import flask
from flask import Flask, g, has_request_context, request
from flask_babel import get_translations, gettext
from markupsafe import Markup
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
    """The language of this request as two letters; Swedish where nobody asks."""
    if not has_request_context():
        return "sv"
    found: str | None = g.get("language")
    if found is None:
        found = g.language = choose_locale()
    return found


def remember(response: Response, language: str) -> None:
    """Let the browser remember `language` for a year."""
    response.set_cookie(COOKIE, language, max_age=365 * 86400, httponly=True, samesite="Lax", secure=request.is_secure, path="/")


def remember_asked(response: flask.Response) -> flask.Response:
    """`?lang=` holds for the pages that follow, too."""
    asked = request.args.get("lang")
    if asked in LOCALES and request.cookies.get(COOKIE) != asked:
        remember(response, asked)
    return response


# (language, what the code says) → what the page says. Templates say only what they are written to say, so that there is an end.
_said: dict[tuple[str, str], Markup] = {}


def say(text: str, /, **variables: object) -> Markup:
    """What a template says, in the language of this request; `variables` are put in as text, not as markup."""
    key = (locale(), text)
    found = _said.get(key)
    if found is None:
        found = _said[key] = Markup(gettext(text))  # noqa: S704  # from the catalogues, which are code
    return found % variables if variables or "%" in found else found


def say_counted(one: str, several: str, number: int, /, **variables: object) -> Markup:
    """What a template says of a number of things."""
    return Markup(get_translations().ungettext(one, several, number)) % {"num": number, **variables}  # noqa: S704


def init_app(app: Flask) -> None:
    app.after_request(remember_asked)
    # In place of what the extension gives templates, which finds the language and its catalogue anew at every word.
    app.jinja_env.globals.update(_=say, gettext=say, ngettext=say_counted, locale=locale, LOCALES=LOCALES)
