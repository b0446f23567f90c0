"""What happened in a case, in words, by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection

from engine.clock import civil_date
from engine.store.dossier import InstanceRow, below, find_instances
from engine.store.meetings import MEETING
from engine.store.names import people_named
from engine.store.timeline import ENDED, Happening, Timeline, read_timeline, steps_after
from web.auth import may_see
from web.pages.cases.contents import Pairs, submitted
from web.wording import element_name, in_words, model, party_name, process_name

# What a reader is told: commands of people, messages, deadlines, ends. Answers of services and plain steps are in the diagram.
KINDS = frozenset({"started", "completed", "acted", "received", "fired", "erred", "escalated", "failed", "set", "cancelled", ENDED})


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened. `link`: the case or meeting that it came from, `opens` says that the
    reader may see it; `answers`: what was filled in, (label, text);
    `parties`: whose, where it is not the case itself."""

    at: datetime
    kind: str
    what: str
    who: str
    parties: list[str] = field(default_factory=list)
    answers: Pairs = field(default_factory=list)
    link: InstanceRow | None = None
    opens: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """Days, newest first, each with what happened on it, newest first; `older`: where the next page begins."""

    days: tuple[tuple[date, tuple[Told, ...]], ...]
    older: int | None


def story(connection: Connection, row: InstanceRow, variables: Mapping[str, Any], *, before: int | None = None) -> Story:
    """What happened in the case `row`, in words; of what it called only how it ended: the rest stands on that page.

    `variables`: the case's own, for choices that came from them. Five statements.
    """
    called = [each for each in below(connection, row.id) if each != row.id]
    timeline = read_timeline(connection, [row.id], kinds=KINDS, others=called, other_kinds={ENDED}, before=before)
    people = people_named(connection, set(_people(timeline.rows)))
    senders = find_instances(connection, {row.data["from"] for row in timeline.rows if row.data and row.data.get("from")})
    rows = list(_worth_telling(timeline))
    deadlines = _deadlines(connection, rows)
    told = [_told(each, row, people, senders, deadlines.get(each.id, ""), variables) for each in rows]
    days: dict[date, list[Told]] = {}
    for each in told:
        days.setdefault(civil_date(each.at), []).append(each)
    return Story(tuple((day, tuple(_folded(of_day))) for day, of_day in days.items()), timeline.older)


def _folded(told: Sequence[Told]) -> list[Told]:
    """The same end of several called processes on one day is told once, with all their parties."""
    lines: list[Told] = []
    for each in told:
        same = next((line for line in lines if each.parties and line.parties and line.what == each.what), None)
        if same is None:
            lines.append(each)
        else:
            same.parties.extend(each.parties)
    return lines


def meetings_that_treated(connection: Connection, instance_id: int) -> list[InstanceRow]:
    """The meetings that sent the case something, latest first: they treated it. Two statements."""
    timeline = read_timeline(connection, [instance_id], kinds={"received", "started"}, size=500)
    senders = list(dict.fromkeys(row.data["from"] for row in timeline.rows if row.data and row.data.get("from")))
    found = find_instances(connection, set(senders))
    return [found[sender] for sender in senders if sender in found and found[sender].kind == MEETING]


def _worth_telling(timeline: Timeline) -> Iterable[Happening]:
    """A clock that found nothing to do, or an end without a name, is no news."""
    return (row for row in timeline.rows if row.kind != "fired" or not row.data or row.data.get("timers", 1))


def _deadlines(connection: Connection, rows: Sequence[Happening]) -> dict[int, str]:
    """Which deadline passed, by the id of the row that says that one did."""
    found: dict[int, str] = {}
    fired = [row for row in rows if row.kind == "fired"]
    definitions = {row.id: row.definition_id for row in fired}
    for row_id, elements in steps_after(connection, fired).items():
        known = model(definitions[row_id]).elements
        names = [in_words(known[each]) for each in elements if each in known and known[each].event == "timer"]
        if names:
            found[row_id] = names[0]
    return found


def _people(rows: Iterable[Happening]) -> Iterable[int]:
    return (row.data["for"] for row in rows if row.data and isinstance(row.data.get("for"), int))


def _told(
    row: Happening,
    case: InstanceRow,
    people: Mapping[int, str],
    senders: Mapping[int, InstanceRow],
    deadline: str,
    variables: Mapping[str, Any],
) -> Told:
    data: Mapping[str, Any] = row.data or {}
    content: Mapping[str, Any] = row.content or {}
    sender = senders.get(data.get("from") or 0)
    return Told(
        at=row.at,
        kind=row.kind,
        what=_what(row, deadline),
        who=_who(row, people.get(data.get("for") or 0)),
        parties=[party_name(row.party)] if row.party and row.instance_id != case.id else [],
        answers=submitted(data.get("form"), content.get("variables") or {}, variables) if row.kind == "completed" else [],
        link=sender,
        opens=sender is not None and may_see(sender.id),
        reason=str(content.get("reason") or ""),
    )


def _what(row: Happening, deadline: str) -> str:
    name = element_name(row.definition_id, row.element_id) if row.element_id else ""
    match row.kind:
        case "started":
            return _("%(process)s began", process=process_name(row.definition_id))
        case "completed" | "acted":
            return name
        case "received":
            return _("Answer received: %(what)s", what=name)
        case "fired":
            return _("A deadline passed: %(what)s", what=deadline) if deadline else _("A deadline passed")
        case "erred":
            return _("An error was reported: %(what)s", what=name or process_name(row.definition_id))
        case "escalated":
            return _("An escalation came: %(what)s", what=name or process_name(row.definition_id))
        case "failed":
            return _("A service could not answer: %(what)s", what=name)
        case "set":
            return _("Values of the process were corrected")
        case "cancelled":
            return _("%(process)s was broken off", process=process_name(row.definition_id))
        case _:
            # An end that is reached need not be the last one: a reminder has been sent, and the rest goes on.
            return _("%(process)s: %(what)s", process=process_name(row.definition_id), what=name)


def _who(row: Happening, absent: str | None) -> str:
    if row.actor is None or row.kind == ENDED:
        return ""
    return _("%(name)s, in the place of %(absent)s", name=row.actor, absent=absent) if absent else row.actor
