"""What `comments/_list.html` shows, and writing a comment from any page."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from engine.store.comments import LONGEST, Comment, add_comment, comments
from web.auth import current_person
from web.context import forget_what_was_read, house, reading

FIELD = "desk-comment"


@dataclass(frozen=True, slots=True)
class CommentsPanel:
    """The comments of a case with the field for a new one.

    `form_id` is set where the field belongs to another form of the page (a task's); `text` is what was typed and not yet saved.
    """

    root_id: int
    rows: tuple[Comment, ...]
    form_id: str | None = None
    text: str = ""
    error: str = ""
    back: str = ""
    longest: int = LONGEST


def comments_panel(root_id: int, *, form_id: str | None = None, text: str = "", error: str = "", back: str = "") -> CommentsPanel:
    """The panel of a case that the person who asks may see."""
    return CommentsPanel(root_id, tuple(comments(reading(), root_id)), form_id, text, error, back)


def write_comment(text: str, root_id: int) -> str:
    """Save a comment by the person who asks: nothing, or the sentence that says what is wrong with it."""
    length = len(text.replace("\r\n", "\n").strip())
    if not length:
        return _("Write something first.")
    if length > LONGEST:
        return _("A comment may be %(most)s characters long; this one is %(length)s.", most=LONGEST, length=length)
    with house().database.write() as connection:
        add_comment(connection, root_id, text, by=current_person().id, now=house().clock.now())
    forget_what_was_read()
    return ""
