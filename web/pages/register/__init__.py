"""The register: bodies, parties and people, as they stand on a day; and the absence of oneself, or of others for coordinators."""

from flask import Blueprint

bp = Blueprint("register", __name__, url_prefix="/register")

from web.pages.register import views  # noqa: E402, F401
