"""My tasks."""

from __future__ import annotations

from collections.abc import Collection

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from engine.store.notices import count_notices, notices
from engine.store.tasks import Pile, inbox
from web.auth import access, current_person
from web.context import house, reading, register_today
from web.pages.tasks import bp
from web.pages.tasks.desk import actor, lines, viewer
from web.pages.tasks.numbers import number_in
from web.pages.tasks.starting import startable
from web.wording import roles_words

SIZE = 25
"""Tasks on one page."""
LONGEST_SEARCH = 200
SHOWN_NOTICES = 3
PILES = (
    (Pile.ALL, _l("All")),
    (Pile.MINE, _l("Mine")),
    (Pile.ROLES, _l("For my roles")),
    (Pile.LATE, _l("Those that are late")),
)


@bp.get("/tasks/")
@access("official")
def index() -> str:
    """The tasks that are mine or that I may take. An htmx refresh gets the list alone."""
    person, connection = current_person(), reading()
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    asked = request.args.get("show", "")
    pile = Pile(asked) if asked in list(Pile) else Pile.ALL
    page = number_in(request.args.get("page")) or 1
    who, now = viewer(), house().clock.now()
    found = inbox(connection, who, now=now, search=search, pile=pile, limit=SIZE, offset=(page - 1) * SIZE)
    pages = max(1, -(-found.total // SIZE))
    if page > pages:
        page = pages
        found = inbox(connection, who, now=now, search=search, pile=pile, limit=SIZE, offset=(page - 1) * SIZE)
    shown = lines(found.rows)
    known = number_in(request.args.get("known"))
    return render_template(
        "tasks/_inbox.html" if "HX-Request" in request.headers else "tasks/index.html",
        mine=[each for each in shown if each.mine],
        free=[each for each in shown if not each.mine],
        found=found,
        page=page,
        pages=pages,
        pile=pile,
        piles=PILES,
        search=search,
        now=now,
        changed=known is not None and known != found.counts.all,
        notices=notices(connection, person.id, person.roles, unread_only=True, limit=SHOWN_NOTICES),
        unread=count_notices(connection, person.id, person.roles, unread_only=True),
        startable=[startable(definition) for definition in house().runtime.may_start(actor(), reading(), register_today())],
        roles=[roles_words([role]) for role in _worth_naming(person.roles)],
    )


def _worth_naming(roles: Collection[str]) -> list[str]:
    """Roles to be read: without the person's own, and without a function by itself that is also said of its body."""
    said = {role.partition(":")[2] for role in roles}
    return [role for role in sorted(roles) if not role.startswith("person:") and role not in said]
