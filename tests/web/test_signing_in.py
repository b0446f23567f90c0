from __future__ import annotations


def test_signs_in(site):
    client = site.sign_in()
    assert client.get("/help/").status_code == 200
    assert "Anna Ek" in client.get("/help/").text


def test_components(site):
    assert site.client().get("/_components/").status_code == 200
