"""Flask's extensions, made once and bound to the application in `app.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Engine

from engine.store.tables import metadata

if TYPE_CHECKING:
    from web.context import Samverka


class Sessions(SQLAlchemy):
    """Flask-SQLAlchemy on the engine that `engine.store` made, so that the house has one pool and one set of pragmas."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        house: Samverka = app.extensions["samverka"]
        return house.database.engine


db = Sessions(metadata=metadata)
babel = Babel()
csrf = CSRFProtect()
login = LoginManager()
# Counted over the last minutes, whenever they began: windows that begin on the clock let twice as many through at their border.
limiter = Limiter(key_func=get_remote_address, headers_enabled=False, strategy="moving-window")
