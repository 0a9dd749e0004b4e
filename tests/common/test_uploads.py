"""Files that people hand in: what is let in, under which name, and why the rest is refused."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.common import uploads
from portal.common.errors import Incomplete

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def picture(form: str = "PNG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, form, **more)
    return out.getvalue()


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


WORD = {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}
GOOD = {
    "a.pdf": PDF, "a.PNG": picture(), "a.jpg": picture("JPEG"), "a.docx": archive(**WORD), "a.txt": "도시".encode(),
    "a.csv": b"\xef\xbb\xbfa,b\n", "a.odt": archive(mimetype=b"application/vnd.oasis.opendocument.text"),
}  # fmt: skip
BAD = {
    "script.pdf": PDF.replace(b"<<>>", b"<</S/JavaScript>>", 1), "cut.pdf": b"%PDF-1.7 no end", "page.pdf": b"<html>",
    "macro.docx": archive(**WORD, **{"word/vbaProject.bin": b"x"}), "xlsx.docx": archive(**{"xl/workbook.xml": b""}),
    "up.docx": archive(**WORD, **{"../../evil": b"x"}), "text.png": b"hello", "gif.png": picture("GIF"),
    "binary.txt": b"\x00\x01", "latin.txt": b"\xff\xfe\xfd", "bad.docx": b"PK\x03\x04 nothing", "empty.txt": b"",
    "run.exe": b"MZ", "page.html": b"<script>", "none": b"x", "drawing.svg": b"<svg/>",
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_file_that_is_what_its_name_says_is_taken(name: str) -> None:
    found = uploads.checked(SimpleUploadedFile(name, GOOD[name]))
    assert (found.name, len(found.sha256)) == (name.lower(), 64)


@pytest.mark.parametrize("name", BAD)
def test_everything_else_is_refused_with_a_sentence_that_says_what_to_do(name: str) -> None:
    with pytest.raises(Incomplete) as refused:
        uploads.checked(SimpleUploadedFile(name, BAD[name]))
    assert refused.value.missing == ("file",)
    assert refused.value.message.endswith(".")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 3)
    with pytest.raises(Incomplete, match="larger than"):
        uploads.checked(SimpleUploadedFile("a.txt", b"long"))


def test_a_picture_loses_what_was_hidden_in_it() -> None:
    hidden = picture("JPEG", comment=b"CanaryPlace") + b"<script>CanaryTail</script>"
    assert b"Canary" not in uploads.checked(SimpleUploadedFile("a.jpg", hidden)).content


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\plans\\Straße 1.PDF", "Straße 1.pdf"),
        ("가로등 계획.pdf", "가로등 계획.pdf"),
        ("bid\u202efdp.exe", "bid_fdp.exe"),
        ('a"b\r\nc.pdf', "a_b__c.pdf"),
        ("report.pdf.exe", "report_pdf.exe"),
        (".htaccess", "htaccess"),
        ("", "file"),
    ],
)
def test_names_are_safe_in_headers_file_systems_and_eyes(name: str, safe: str) -> None:
    assert uploads.safe_name(name) == safe


def test_a_file_is_served_for_saving_only() -> None:
    response = uploads.attachment(b"x", name="계획.pdf", kind="application/pdf")
    assert response["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
