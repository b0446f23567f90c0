"""Builds the Flask application."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from web import api, bundles, errors, formats, i18n, navigation, routing, security
from web.auth import sessions
from web.config import Settings
from web.context import Samverka
from web.extensions import babel, csrf, db, limiter, login
from web.pages import BLUEPRINTS

HERE = Path(__file__).parent


def create_app(
    config: Mapping[str, Any] | None = None, *, house: Samverka | None = None, settings: Settings | None = None
) -> Flask:
    """The application, ready to serve.

    Args:
        config: Flask settings that override ours (TESTING, …).
        house: the parts of the engine; built from the settings when left out.
        settings: the installation's settings; read from the environment when left out.
    """
    settings = settings or Settings.from_environment()
    app = Flask(
        "web",
        root_path=str(HERE),
        static_folder="assets/dist",
        static_url_path="/assets",
        instance_path=str(settings.data.resolve()),  # extensions make this folder: it must be ours
    )
    app.config.update(flask_settings(settings))
    app.config.update(config or {})
    app.extensions["samverka"] = house or build_house(settings)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.init_app(app)
    babel.init_app(app, locale_selector=i18n.choose_locale, timezone_selector=lambda: "Europe/Stockholm")
    csrf.init_app(app)
    limiter.init_app(app)
    login.init_app(app, add_context_processor=False)
    for part in (routing, sessions, security, errors, formats, i18n, bundles, navigation):
        part.init_app(app)
    for module in BLUEPRINTS:
        app.register_blueprint(import_module(module).bp)
    api.init_app(app)
    return app


def flask_settings(settings: Settings) -> dict[str, Any]:
    """Flask's own configuration."""
    domains = i18n.domains()
    return {
        "SECRET_KEY": settings.secret_key,
        "SETTINGS": settings,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SESSION_COOKIE_NAME": "samverka",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.https,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=8),
        "SESSION_REFRESH_EACH_REQUEST": False,  # sessions.py: once a minute is enough
        "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the session: a form left open over lunch still goes in
        "WTF_CSRF_SSL_STRICT": settings.https,
        "MAX_CONTENT_LENGTH": 30 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "BABEL_DEFAULT_LOCALE": "sv",
        "BABEL_DOMAIN": ";".join(domains),
        "BABEL_TRANSLATION_DIRECTORIES": ";".join(["translations"] * len(domains)),
        "RATELIMIT_ENABLED": True,  # said for each application: the limiter would go on as the one before it was told
        "RATELIMIT_STORAGE_URI": "memory://",
    }


def build_house(settings: Settings) -> Samverka:
    """Open the database and build the parts of the engine on it."""
    from web.house import open_house

    return open_house(settings)
