"""Which language a page speaks."""

from __future__ import annotations

from sqlalchemy import select

from engine.store.tables import account


def test_swedish_first(site):
    page = site.client().get("/sign-in").text
    assert '<html lang="sv"' in page
    assert "Logga in" in page


def test_the_address_may_ask_and_the_browser_remembers(site):
    client = site.client()
    assert '<html lang="en"' in client.get("/sign-in?lang=en").text
    assert '<html lang="en"' in client.get("/help/").text


def test_an_unknown_language_is_swedish(site):
    assert '<html lang="sv"' in site.client().get("/sign-in?lang=xx").text


def test_the_switch_leads_back_to_the_same_page(site):
    client = site.client()
    assert client.post("/language", data={"lang": "en", "next": "/help/"}).location == "/help/"
    assert "How the service works" in client.get("/help/").text


def test_the_account_remembers_in_every_browser(site):
    site.sign_in().post("/language", data={"lang": "en", "next": "/help/"})
    with site.house.database.read() as connection:
        assert connection.execute(select(account.c.locale).where(account.c.person_id == 1)).scalar_one() == "en"
    assert '<html lang="en"' in site.sign_in().get("/help/").text


def test_the_account_s_language_goes_before_the_browser_s(site):
    client = site.sign_in()
    client.set_cookie("samverka_lang", "en")
    assert '<html lang="sv"' in client.get("/help/").text
