"""What a command can be refused for. Each message says what happened; nothing was saved when one is raised."""

from __future__ import annotations

from datetime import datetime


class CommandRefused(Exception):
    """A command that was not carried out; the instance stands where it stood."""


class NotFound(CommandRefused):
    """There is no such task, instance, process or subscription."""


class NotAllowed(CommandRefused):
    """The person does not hold a role that may do this. `roles` are those that may."""

    def __init__(self, message: str, roles: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.roles = roles


class TaskTaken(CommandRefused):
    """Somebody else has taken the task and has not let go of it."""

    def __init__(self, task_id: int, by: int) -> None:
        super().__init__(f"task {task_id} has been taken by person {by}")
        self.by = by


class TaskClosed(CommandRefused):
    """The task was completed or cancelled before this command came. `by` is None when the process itself closed it."""

    def __init__(self, task_id: int, status: str, by: int | None, at: datetime | None) -> None:
        super().__init__(f"task {task_id} is {status}")
        self.status = status
        self.by = by
        self.at = at


class Conflict(CommandRefused):
    """Another command changed the instance in between; load it again and decide anew."""


class InstanceEnded(CommandRefused):
    """The instance is completed or cancelled and takes no more commands."""
