"""The tasks of a case, open and closed, as lines of a table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from engine.store.dossier import Dossier, TaskRow
from web.wording import element_name, party_name, roles_words


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task. `kind` and `status`: shape and word; `link`: where it is done, for those who may."""

    name: str
    party: str
    kind: str
    status: str
    who: str
    due_at: datetime | None
    closed_at: datetime | None
    link: str | None


def task_lines(dossier: Dossier, now: datetime, roles: Collection[str]) -> list[TaskLine]:
    """Open tasks first, earliest due first; then closed ones, latest first. `roles`: those of the person who looks."""
    closed = [task for task in dossier.tasks if task.status != "open"]
    closed.sort(key=lambda task: (task.closed_at or task.created_at, task.id), reverse=True)
    return [_line(task, dossier, now, roles) for task in (*dossier.open_tasks(), *closed)]


def _line(task: TaskRow, dossier: Dossier, now: datetime, roles: Collection[str]) -> TaskLine:
    late = task.due_at is not None and task.due_at <= now
    kind, status = {
        "open": ("late", _("Late")) if late else ("live", _("Not done yet")),
        "completed": ("done", _("Completed")),
        "cancelled": ("absent", _("No longer needed")),
    }[task.status]
    return TaskLine(
        name=element_name(task.definition_id, task.element_id, task.name),
        party=party_name(task.party) if task.instance_id != dossier.row.id else "",
        kind=kind,
        status=status,
        who=_who(task),
        due_at=task.due_at,
        closed_at=task.closed_at,
        link=url_for("tasks.show", task_id=task.id) if task.status == "open" and set(task.roles) & set(roles) else None,
    )


def _who(task: TaskRow) -> str:
    if task.status == "completed":
        if task.closed_by and task.acted_for:
            return _("%(name)s, in the place of %(absent)s", name=task.closed_by, absent=task.acted_for)
        return task.closed_by or ""
    return task.assignee or roles_words(task.roles)
