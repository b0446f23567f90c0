"""Files that people send: what is taken, what is not, who gets them back, who removes them; and comments."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import unquote

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from engine.store.tables import comment, document
from tests.web.desk.conftest import Desk
from web.pages.comments import comments_panel
from web.pages.documents import documents_panel
from web.pages.documents.names import harmless_name
from web.pages.documents.panel import storage

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 40


def archive(**parts: bytes) -> bytes:
    """A zip file; `__` in a name is `/`, `_xml` at its end `.xml`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return packed.getvalue()


def word(**more: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", "<document/>")
        for name, content in more.items():
            file.writestr(name.replace("__", "/").replace("_bin", ".bin"), content)
    return packed.getvalue()


ODT = archive(mimetype=b"application/vnd.oasis.opendocument.text", content_xml=b"<x/>")


def send(desk: Desk, case: int, name: str, content: bytes, *, who: str = "anna.ek") -> TestResponse:
    return desk.sign_in(who).post(
        f"/documents/to/{case}", data={"desk-document": (io.BytesIO(content), name), "back": "/notices/"}, follow_redirects=True
    )


def stored(desk: Desk) -> list[str]:
    return [path.name for path in desk.folder.iterdir()] if desk.folder.exists() else []


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("beslut.pdf", PDF, "application/pdf"),
        ("BILD.PNG", PNG, "image/png"),
        ("foto.jpeg", JPEG, "image/jpeg"),
        ("anteckning.txt", "Möte i Åsele\n".encode(), "text/plain"),
        ("gammal.txt", "Möte i Åsele\r\n".encode("cp1252"), "text/plain"),
        ("avtal.docx", word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("avtal.odt", ODT, "application/vnd.oasis.opendocument.text"),
    ],
)
def test_what_is_taken_comes_back_as_a_download(desk: Desk, name: str, content: bytes, media_type: str) -> None:
    case = desk.raise_question()
    assert "har bifogats" in send(desk, case, name, content).text
    answer = desk.sign_in("bo.lund").get("/documents/1", buffered=True)
    assert answer.data == content
    assert answer.headers["Content-Type"].split(";")[0] == media_type
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert len(stored(desk)) == 1 and name not in stored(desk)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sida.png", b"<html><script>alert(1)</script>"),
        ("sida.txt", b"\xef\xbb\xbf <!DOCTYPE html><script>alert(1)</script>"),
        ("bild.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("bild.txt", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("sida.html", b"<p>"),
        ("program.exe", b"MZ\x90\0"),
        ("program.txt", b"MZ\x90\0\1\2"),
        ("program.pdf", b"MZ\x90\0"),
        ("bild.pdf", PNG),
        ("utan", PDF),
        ("", PDF),
        ("tom.pdf", b""),
        ("trasig.docx", b"PK\x03\x04 trasig"),
        ("arkiv.docx", archive(a=b"x")),
        ("kalkyl.xlsx", word()),
        ("makro.docx", word(word__vbaProject_bin=b"x")),
        ("bomb.docx", word(word__media=b"\0" * 80_000_000)),
        ("falsk.odt", archive(mimetype=b"application/zip", content_xml=b"<x/>")),
        ("utantyp.odt", archive(content_xml=b"<x/>")),
        ("dubbel.pdf.exe", PDF),
    ],
)
def test_what_is_not_taken_leaves_nothing_behind(desk: Desk, name: str, content: bytes) -> None:
    case = desk.raise_question()
    answer = send(desk, case, name, content)
    assert answer.status_code == 200
    assert 'data-color="danger"' in answer.text
    assert desk.rows(select(func.count()).select_from(document))[0][0] == 0
    assert stored(desk) == []


def test_a_file_that_is_too_large(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case = desk.raise_question()
    monkeypatch.setattr("web.pages.documents.storage.LARGEST", 1000)
    assert "större än 20 MB" in send(desk, case, "stor.pdf", PDF + b"\0" * 1000).text
    monkeypatch.undo()
    enormous = desk.sign_in().post(
        f"/documents/to/{case}",
        input_stream=io.BytesIO(b"--x\r\n"),
        environ_overrides={"CONTENT_LENGTH": str(31 * 1024 * 1024)},
        content_type="multipart/form-data; boundary=x",
    )
    assert enormous.status_code == 413
    assert stored(desk) == []


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\system.pdf", "system.pdf"),
        ("/abs/olut.pdf", "olut.pdf"),
        ("<b>fet<i>.pdf", "b-fet-i.pdf"),
        ('a"b\r\nX-Evil: 1.pdf', "a-bX-Evil- 1.pdf"),
        ("\u202egpj.exe.pdf", "gpj.exe.pdf"),
        ("...pdf", "dokument.pdf"),
        ("CON.pdf", "dokument CON.pdf"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("Årsmöte  i\tÅsele.PDF", "Årsmöte iÅsele.pdf"),
    ],
)
def test_names_are_made_harmless(claimed: str, kept: str) -> None:
    assert harmless_name(claimed, "pdf") == kept


def test_a_path_in_the_name_stays_outside_the_disk(desk: Desk) -> None:
    case = desk.raise_question()
    send(desk, case, "../../../web/assets/dist/ond.pdf", PDF)
    assert desk.rows(select(document.c.name))[0][0] == "ond.pdf"
    assert "ond.pdf" in unquote(desk.sign_in().get("/documents/1", buffered=True).headers["Content-Disposition"])
    with desk.app.app_context():
        for wrong in ("../samverka.db", "", "a" * 48 + "/", "A" * 48):
            with pytest.raises(ValueError, match="stored"):
                storage().path(wrong)


def test_the_same_file_twice_is_one_document(desk: Desk) -> None:
    case = desk.raise_question()
    for _ in range(2):
        assert "har bifogats" in send(desk, case, "a.pdf", PDF).text
    assert desk.rows(select(func.count()).select_from(document))[0][0] == 1
    assert len(stored(desk)) == 1


def test_strangers_neither_fetch_nor_attach_nor_comment(desk: Desk) -> None:
    case = desk.raise_question()
    send(desk, case, "a.pdf", PDF)
    eva = desk.sign_in("eva.ny")
    assert eva.get("/documents/1").status_code == 403
    assert eva.get("/documents/1/remove").status_code == 403
    assert eva.post("/documents/1/remove").status_code == 403
    assert send(desk, case, "b.pdf", PDF, who="eva.ny").status_code == 403
    assert eva.post(f"/comments/to/{case}", data={"desk-comment": "x"}).status_code == 403
    assert eva.get("/documents/77").status_code == 404
    assert desk.app.test_client().get("/documents/1").status_code == 302
    assert len(stored(desk)) == 1


def test_only_ones_own_document_is_removed_and_its_row_stays(desk: Desk) -> None:
    case = desk.raise_question()
    send(desk, case, "a.pdf", PDF)
    bo, anna = desk.sign_in("bo.lund"), desk.sign_in()
    assert bo.post("/documents/1/remove").status_code == 403
    assert "Ta bort dokumentet?" in anna.get("/documents/1/remove").text
    assert len(stored(desk)) == 1
    answer = anna.post("/documents/1/remove", data={"back": "https://evil.example/"})
    assert (answer.status_code, "evil" in answer.location) == (303, False)
    assert stored(desk) == []
    assert desk.rows(select(document.c.removed_at))[0][0] is not None
    assert anna.get("/documents/1").status_code == 404
    assert anna.post("/documents/1/remove").status_code == 404


def test_comments_are_plain_text_and_a_faulty_one_is_kept(desk: Desk) -> None:
    case = desk.raise_question()
    client = desk.sign_in()
    for _ in range(2):
        client.post(f"/comments/to/{case}", data={"desk-comment": "<script>alert(1)</script>\r\nRad två", "back": "/tasks/"})
    assert [row[0] for row in desk.rows(select(comment.c.text))] == ["<script>alert(1)</script>\nRad två"]
    page = client.get(f"/tasks/{desk.open_task(case)}").text
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page
    empty = client.post(f"/comments/to/{case}", data={"desk-comment": "  "})
    assert empty.status_code == 422
    long = client.post(f"/comments/to/{case}", data={"desk-comment": "lång " * 1000})
    assert long.status_code == 422
    assert "lång lång" in long.text and "högst 4000 tecken" in long.text


def test_panels_for_other_pages(desk: Desk) -> None:
    case = desk.raise_question()
    send(desk, case, "a.pdf", PDF)
    with desk.app.test_request_context("/"):
        assert [row.name for row in documents_panel(case, back="/cases/1").rows] == ["a.pdf"]
        assert comments_panel(case).rows == ()
