"""What every answer carries."""

from __future__ import annotations

import pytest

PATHS = ["/", "/sign-in", "/help/", "/_components/", "/_components/error/409", "/nowhere", "/assets/app.css", "/assets/nowhere.js"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_under_a_strict_policy(site, path):
    with site.client().get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/sign-in", "/help/", "/_components/"])
def test_pages_hold_no_inline_script_or_style(site, path):
    page = site.client().get(path).text
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert all("src=" in part.split(">")[0] for part in page.split("<script")[1:])


def test_pages_are_not_kept_and_assets_are(site):
    assert site.client().get("/sign-in").headers["Cache-Control"] == "private, no-store"
    with site.client().get("/assets/mark.svg?v=1") as answer:
        assert "immutable" in answer.headers["Cache-Control"]


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(site):
    cookie = site.sign_in().get_cookie("samverka")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_an_installation_on_https_sends_secure_cookies(tmp_path):
    from web.app import flask_settings
    from web.config import Settings

    settings = Settings("sqlite://", "x" * 40, base_url="https://samverka.example", data=tmp_path)
    assert flask_settings(settings)["SESSION_COOKIE_SECURE"] is True
