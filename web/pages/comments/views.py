"""Write a comment on a case."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web.auth import access, require_sight
from web.auth.returning import safe_target
from web.pages.comments import bp
from web.pages.comments.panel import FIELD, comments_panel, write_comment


@bp.post("/to/<int:root_id>")
@access("official")
def add(root_id: int) -> ResponseReturnValue:
    """Save a comment from the case's own page; one that cannot be saved is shown again with the reason."""
    require_sight(root_id)
    text, back = request.form.get(FIELD, ""), safe_target(request.form.get("back"))
    if error := write_comment(text, root_id):
        panel = comments_panel(root_id, text=text, error=error, back=back)
        return render_template("comments/page.html", comments=panel, back=back), 422
    flash(_("Your comment has been saved."), "success")
    return redirect(back, 303)
