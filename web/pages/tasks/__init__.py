"""The official's desk: my tasks, one task, starting something new, acting on a case, notices."""

from flask import Blueprint

bp = Blueprint("tasks", __name__)

from web.pages.tasks import action_views, inbox_views, notice_views, start_views, task_views  # noqa: E402, F401
