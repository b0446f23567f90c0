"""The five entries of navigation, in order. Pages belong to the entry whose blueprint they are in. Help is in the account menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l

from web.i18n import locale


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: where it leads, its words when wide and when narrow, its icon in `ui.html`."""

    endpoint: str
    label: str
    short: str
    icon: str
    address: str = ""

    @property
    def current(self) -> bool:
        return request.blueprint == self.endpoint.partition(".")[0]


ENTRIES = (
    ("tasks.index", _l("My tasks"), _l("Tasks"), "tasks"),
    ("cases.index", _l("Cases"), _l("Cases"), "cases"),
    ("meetings.index", _l("Meetings"), _l("Meetings"), "meetings"),
    ("register.index", _l("Register"), _l("Register"), "register"),
    ("processes.index", _l("Processes"), _l("Processes"), "process"),
)


def _served() -> list[tuple[str, Any, Any, str]]:
    return [entry for entry in ENTRIES if entry[0] in current_app.view_functions]


def first_page() -> str:
    """The endpoint that a person comes to after signing in."""
    return next((endpoint for endpoint, *_ in _served()), "help.index")


def init_app(app: Flask) -> None:
    kept: dict[tuple[str, str], list[Entry]] = {}  # by language, and where the site is mounted

    def entries() -> list[Entry]:
        """The entries whose pages this installation serves."""
        key = (locale(), request.script_root)
        if key not in kept:
            kept[key] = [
                Entry(endpoint, str(label), str(short), icon, url_for(endpoint)) for endpoint, label, short, icon in _served()
            ]
        return kept[key]

    app.jinja_env.globals["navigation"] = entries
