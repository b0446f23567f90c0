"""Signing in, signing out, choosing the language."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.store.accounts import Account, fetch_account_of, fetch_invented, save_locale, save_rehashed, save_signed_in
from web import i18n
from web.auth import passwords, sessions
from web.auth.access import access
from web.auth.returning import safe_target
from web.context import house, reading
from web.extensions import limiter
from web.guests import offered
from web.navigation import first_page

bp = Blueprint("auth", __name__)

def _account_key() -> str:
    return "account:" + _username()


def _username() -> str:
    return request.form.get("username", "").strip().lower()[:200]


def _failed(response: object) -> bool:
    return getattr(response, "status_code", 0) == 401


@bp.get("/")
@access("anyone")
def home() -> ResponseReturnValue:
    """To the first page of those who are signed in, else to sign in."""
    return redirect(url_for(first_page() if sessions.signed_in() else "auth.sign_in"))


@bp.get("/sign-in")
@access("anyone")
def sign_in() -> ResponseReturnValue:
    if sessions.signed_in():
        return redirect(safe_target(request.args.get("next")))
    return _page(username=request.args.get("as", "")[:200])


@bp.post("/sign-in")
@limiter.limit("10 per 15 minutes", key_func=_account_key, deduct_when=_failed)
@limiter.limit("40 per 15 minutes", deduct_when=_failed)
@access("anyone")
def sign_in_now() -> ResponseReturnValue:
    account = fetch_account_of(reading(), _username())
    password = request.form.get("password", "")
    known = passwords.matches(account.password if account else None, password)
    if account is None or not known or not account.active:
        return _page(username=request.form.get("username", "")[:200], failed=True), 401
    _note(account, password)
    sessions.begin(account)
    return redirect(safe_target(request.form.get("next")))


def _note(account: Account, password: str) -> None:
    with house().database.write() as connection:
        save_signed_in(connection, account.person_id, house().clock.now())
        if passwords.outdated(account.password):
            save_rehashed(connection, account.person_id, passwords.hashed(password))


@bp.post("/sign-out")
@access("anyone")
def sign_out() -> ResponseReturnValue:
    sessions.end()
    flash(_("You are signed out."), "success")
    return redirect(url_for("auth.sign_in"))


@bp.post("/language")
@access("anyone")
def language() -> ResponseReturnValue:
    """Choose the language, for the account when signed in, and for this browser."""
    wanted = request.form.get("lang")
    response = redirect(safe_target(request.form.get("next")))
    if wanted is not None and wanted in i18n.LOCALES:
        i18n.remember(response, wanted)
        if person := sessions.signed_in():
            with house().database.write() as connection:
                save_locale(connection, person.id, wanted)
    return response


def _page(*, username: str, failed: bool = False) -> str:
    return render_template(
        "auth/sign_in.html",
        username=username,
        failed=failed,
        next=request.values.get("next", ""),
        offered=offered(fetch_invented(reading())),
    )
