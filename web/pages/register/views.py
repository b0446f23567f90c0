"""The pages of the register, and the registration of absence."""

from __future__ import annotations

from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.register import NotFound, Person, RegisterError, queries
from engine.store.names import people_named
from engine.store.tables import absence, appointment, person
from web.auth import access
from web.auth.sessions import current_person
from web.context import house, reading, today
from web.formats import url_with
from web.pages.register import bp
from web.pages.register.overview import LEVELS, away_now, posts, read_standing, seat_word, seats_of
from web.wording import body_name, function_name

LONGEST_NOTE = 300


@bp.get("/")
@access("official")
def index() -> str:
    """Bodies and parties, with those who lead them and what is vacant."""
    standing = read_standing(reading(), asked_day())
    return render_template("register/index.html", standing=standing, levels=LEVELS, seat_word=seat_word, **_day())


@bp.get("/bodies/<slug>")
@access("official")
def body(slug: str) -> str:
    """One body: its people, its seats, its vacancies."""
    standing = read_standing(reading(), asked_day())
    found = standing.bodies.get(slug)
    if found is None:
        abort(404)
    below = [each for each in standing.bodies.values() if each.under == slug]
    return render_template(
        "register/body.html",
        body=found,
        standing=standing,
        members=standing.members(slug),
        seats=seats_of(standing, slug),
        below=below,
        levels=LEVELS,
        seat_word=seat_word,
        **_day(),
    )


@bp.get("/parties/<slug>")
@access("official")
def party(slug: str) -> str:
    """One party: its offices, its seats, its people."""
    standing = read_standing(reading(), asked_day())
    found = standing.parties.get(slug)
    if found is None:
        abort(404)
    held = posts((each for each in standing.day.appointments if each.party == slug), standing.on)
    return render_template(
        "register/party.html",
        party=found,
        standing=standing,
        offices=[post for post in held if post.body is None],
        seats=[post for post in held if post.body is not None],
        people=queries.read_people(reading(), person.c.party == slug),
        names={number: each.name for number, each in standing.day.people.items()},
        **_day(),
    )


@bp.get("/people/<int:person_id>")
@access("official")
def person_page(person_id: int) -> str:
    """One person: what they hold, and when they are away."""
    return _person_page(_person(person_id), {}, "")


@bp.post("/people/<int:person_id>/absences")
@access("official")
def register_absence(person_id: int) -> ResponseReturnValue:
    """Note that somebody is away: oneself, or anybody for coordinators."""
    someone = _person(person_id)
    _require_right(person_id)
    given = {name: request.form.get(name, "").strip() for name in ("starts", "ends", "substitute", "note")}
    starts, ends = _date(given["starts"]), _date(given["ends"])
    errors = {}
    if starts is None:
        errors["starts"] = _("Write the first day away.")
    if ends is None:
        errors["ends"] = _("Write the last day away.")
    if starts and ends and ends < starts:
        errors["ends"] = _("The last day cannot come before the first.")
    if given["substitute"] and not given["substitute"].isdecimal():
        errors["substitute"] = _("Choose somebody in the list.")
    if errors or starts is None or ends is None:
        return _person_page(someone, errors, "", given), 422
    try:
        house().register.register_absence(
            person_id,
            starts=starts,
            ends=ends,
            at=house().clock.now(),
            substitute_id=int(given["substitute"]) if given["substitute"] else None,
            note=given["note"][:LONGEST_NOTE],
        )
    except RegisterError as error:
        return _person_page(someone, {}, _refusal(error), given), 409
    flash(_("The absence is registered. Tasks go to the substitute during that time."), "success")
    return redirect(url_for("register.person_page", person_id=person_id))


@bp.post("/people/<int:person_id>/absences/<int:absence_id>/end")
@access("official")
def end_absence(person_id: int, absence_id: int) -> ResponseReturnValue:
    """Let somebody come back today instead of later."""
    someone = _person(person_id)
    _require_right(person_id)
    theirs = queries.read_absences(reading(), absence.c.person_id == person_id, absence.c.id == absence_id)
    if not theirs:
        abort(404)
    yesterday = date.fromordinal(today().toordinal() - 1)
    try:
        house().register.end_absence(absence_id, last_day=yesterday)
    except RegisterError as error:
        return _person_page(someone, {}, _refusal(error)), 409
    flash(_("The absence is ended. Tasks come as before."), "success")
    return redirect(url_for("register.person_page", person_id=person_id))


def asked_day() -> date:
    """The day that the address asks for (`on`), else today."""
    return _date(request.args.get("on", "")) or today()


def _person_page(someone: Person, errors: dict[str, str], refused: str, given: dict[str, str] | None = None) -> str:
    connection, on = reading(), asked_day()
    absences = queries.read_absences(connection, absence.c.person_id == someone.id, absence.c.ends >= on)
    return render_template(
        "register/person.html",
        someone=someone,
        posts=posts(queries.read_appointments(connection, appointment.c.person_id == someone.id), on),
        absences=absences,
        away=away_now(absences, on),
        substitutes=people_named(connection, {each.substitute_id for each in absences if each.substitute_id is not None}),
        may_change=_may_change(someone.id),
        choices=_choices(someone) if _may_change(someone.id) else [],
        errors=errors,
        refused=refused,
        given=given or {},
        **_day(),
    )


def _choices(someone: Person) -> list[tuple[str, str]]:
    """Whom the person can name: everybody of the same party first."""
    people = [each for each in queries.read_people(reading()) if each.id != someone.id]
    people.sort(key=lambda each: each.party != someone.party)
    return [(str(each.id), f"{each.name} – {each.title}" if each.title else each.name) for each in people]


def _refusal(error: RegisterError) -> str:
    """Why the register refuses, in the language of the page: its own sentence stands beside, for coordinators."""
    if isinstance(error, NotFound):
        return _("There is no such person or absence.")
    return _("The days overlap another absence, or the substitute is away too. Nothing was saved.")


def _day() -> dict[str, object]:
    """What the day picker of every page needs."""
    return {"on": asked_day(), "today": today(), "body_name": body_name, "function_name": function_name, "here": url_with(on=None)}


def _person(person_id: int) -> Person:
    found = queries.read_people(reading(), person.c.id == person_id)
    if not found:
        abort(404)
    return found[0]


def _may_change(person_id: int) -> bool:
    return current_person().is_coordinator or current_person().id == person_id


def _require_right(person_id: int) -> None:
    if not _may_change(person_id):
        abort(403)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
