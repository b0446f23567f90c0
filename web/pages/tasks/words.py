"""Sentences for what can come between somebody and what they wanted to do."""

from __future__ import annotations

from flask_babel import gettext as _


def changed_meanwhile() -> str:
    """A command that came at the same moment as another one."""
    return _("Somebody changed the case at the same moment, and nothing has been saved. Check what you wrote and send it again.")


def step_failed() -> str:
    """A command after which the process could not go on; everything was undone."""
    return _("The next step could not be taken, so nothing has been saved. The coordinators have been told. Try again later.")


def start_failed() -> str:
    """A process that could not take its first step."""
    return _("The first step could not be taken, so nothing has been started. Try again later; if it recurs, tell a coordinator.")


def moved(*, taken: bool) -> str:
    """A task that was taken or given back."""
    return _("The task is yours. Others see that you have it.") if taken else _("The task has been given back for others to take.")
