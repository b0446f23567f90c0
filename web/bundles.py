"""Addresses of the built CSS and JavaScript: named by content, so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, request, url_for

_digests: dict[tuple[str, int], str] = {}


def init_app(app: Flask) -> None:
    app.config.setdefault("SEND_FILE_MAX_AGE_DEFAULT", 3600)
    folder = Path(app.static_folder or "")

    kept: dict[tuple[str, str], str] = {}  # (where the site is mounted, name) → address, for as long as the process serves

    def bundle(name: str) -> str:
        """The address of a built file, as `app.css`."""
        found = kept.get((request.script_root, name))
        if found is None:
            found = url_for("static", filename=name, v=_digest(folder / name))
            if not app.debug and not app.testing:
                kept[request.script_root, name] = found
        return found

    app.jinja_env.globals["bundle"] = bundle


def _digest(file: Path) -> str | None:
    try:
        key = (str(file), file.stat().st_mtime_ns)
    except FileNotFoundError:
        return None  # not built: `samverka doctor` says so; the page still reads well without it
    if key not in _digests:
        _digests[key] = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    return _digests[key]
