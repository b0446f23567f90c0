"""The five entries of navigation, in order. Pages belong to the entry whose blueprint they are in. Help is in the account menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: where it leads, its words when wide and when narrow, its icon in `ui.html`."""

    endpoint: str
    label: Any
    short: Any
    icon: str

    @property
    def current(self) -> bool:
        return request.blueprint == self.endpoint.partition(".")[0]


ENTRIES = (
    Entry("tasks.index", _l("My tasks"), _l("Tasks"), "tasks"),
    Entry("cases.index", _l("Cases"), _l("Cases"), "cases"),
    Entry("meetings.index", _l("Meetings"), _l("Meetings"), "meetings"),
    Entry("register.index", _l("Register"), _l("Register"), "register"),
    Entry("processes.index", _l("Processes"), _l("Processes"), "process"),
)


def entries() -> list[Entry]:
    """The entries whose pages this installation serves."""
    return [entry for entry in ENTRIES if entry.endpoint in current_app.view_functions]


def first_page() -> str:
    """The endpoint that a person comes to after signing in."""
    return next((entry.endpoint for entry in entries()), "help.index")


def init_app(app: Flask) -> None:
    app.jinja_env.globals["navigation"] = entries
