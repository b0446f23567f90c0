"""Flask's extensions, made once and bound to the application in `app.py`."""

from __future__ import annotations

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_wtf import CSRFProtect

babel = Babel()
csrf = CSRFProtect()
login = LoginManager()
# Counted over the last minutes, whenever they began: windows that begin on the clock let twice as many through at their border.
limiter = Limiter(key_func=get_remote_address, headers_enabled=False, strategy="moving-window")
