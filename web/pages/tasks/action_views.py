"""Acting on a case by hand: what a diagram lets people do to it while it runs, as withdrawing it."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.bpmn import StepFailed
from engine.runtime import Conflict, InstanceEnded, NotAllowed, NotFound
from engine.runtime.looking import Act, act
from forms import FormErrors
from web.auth import access, require_sight
from web.context import house
from web.i18n import locale
from web.pages.tasks import bp
from web.pages.tasks.desk import actor, instruction, said
from web.pages.tasks.forms import Sheet, sent, sheet
from web.pages.tasks.story import story
from web.pages.tasks.words import changed_meanwhile, step_failed
from web.wording import roles_words, translated


@bp.get("/actions/<int:subscription_id>")
@access("official")
def action(subscription_id: int) -> ResponseReturnValue:
    """What the act does, and its form."""
    found = _open(subscription_id)
    if not isinstance(found, Act):
        return found
    require_sight(found.root_id)
    return _page(found, sheet(found.form_id, found.context))


@bp.post("/actions/<int:subscription_id>")
@access("official")
def carry_out(subscription_id: int) -> ResponseReturnValue:
    """Do it, and lead back to the case."""
    found = _open(subscription_id)
    if not isinstance(found, Act):
        return found
    require_sight(found.root_id)
    filled = sent(found.form_id, found.context)
    try:
        house().runtime.act(subscription_id, filled.values, actor=actor(), locale=locale())
    except FormErrors as refusal:
        return _page(found, replace(filled, errors=refusal.errors), code=422)
    except (NotFound, InstanceEnded):
        return _gone(filled)
    except NotAllowed as refusal:
        return _not_mine(refusal.roles, filled)
    except Conflict:
        flash(changed_meanwhile(), "warning")
        return _page(found, filled, code=409)
    except StepFailed:
        flash(step_failed(), "danger")
        return _page(found, filled, code=500)
    flash(_("Done: %(what)s", what=label(found)), "success")
    return redirect(url_for("cases.show", instance_id=found.root_id), 303)


def label(found: Act) -> str:
    """The words of the act's button, in the language of the page."""
    return translated(found.element.properties, "action", found.element.properties["action"])


def _open(subscription_id: int) -> Act | ResponseReturnValue:
    try:
        return act(house().runtime, subscription_id, actor=actor())
    except (NotFound, InstanceEnded):
        return _gone()
    except NotAllowed as refusal:
        return _not_mine(refusal.roles)


def _page(found: Act, filled: Sheet, *, code: int = 200) -> ResponseReturnValue:
    page = render_template(
        "tasks/action.html",
        act=found,
        label=label(found),
        sheet=filled,
        instruction=instruction(found.element),
        follows=said(found.element, "next"),
        clause=said(found.element, "clause"),
        story=story(found.root_id),
    )
    return make_response(page, code)


def _gone(filled: Sheet | None = None) -> ResponseReturnValue:
    return make_response(render_template("tasks/action_gone.html", typed=filled.typed if filled else []), 410)


def _not_mine(roles: tuple[str, ...], filled: Sheet | None = None) -> ResponseReturnValue:
    page = render_template("tasks/action_forbidden.html", who=roles_words(roles), typed=filled.typed if filled else [])
    return make_response(page, 403)
