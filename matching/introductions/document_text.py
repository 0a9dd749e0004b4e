"""The words in a file that goes to everybody invited, and the file without its author.

Read are the texts of PDF, Office and OpenDocument files, notes, comments and the targets of links among them. What
cannot be read (a scan, a picture, a locked or signed file) is left to a person.
"""

import html
import io
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import IndirectObject

from portal.common.uploads import Upload

MOST_PAGES = 300
MOST_SECONDS = 10.0
MOST_PART = 20 * 2**20
MOST_UNPACKED = 60 * 2**20
# What readers of foreign files stumble over is as varied as the files.
STUMBLES = (
    PyPdfError, zipfile.BadZipFile, OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError,
    ArithmeticError, NotImplementedError,
)  # fmt: skip
PLAIN = ("text/plain", "text/csv")
# Parts of the archives in which people are named, written anew as an element without content.
_PROPERTIES = re.compile(r"docProps/(?:core|app|custom)\.xml|meta\.xml|xl/persons/.+\.xml|(?:word|ppt)/people\.xml")
_BLOCK = re.compile(
    r"</(?:\w+:)?(?:p|h|si|c|row|author|text|t[dcr]|title)>|<(?:\w+:)?(?:br|tab|cr|line-break|s)\b[^>]*>"
)
_NAMED = re.compile(r"""\s(?:\w+:)?(?:author|displayName|userId|descr|href|initials)\s*=\s*["']([^"']{2,500})["']""")
_OUTSIDE = re.compile(r"<Relationship\b[^>]*>", re.IGNORECASE)
_TARGET = re.compile(r"""Target\s*=\s*["']([^"']+)["']""")


class Reading(NamedTuple):
    """``texts`` are (place, words); the place is in the reader's language and empty where there is none to name."""

    texts: list[tuple[str, str]]
    is_whole: bool


class _Unreadable(Exception):
    """Not a text that a program can be sure to have read."""


def read_document(upload: Upload) -> Reading:
    texts: list[tuple[str, str]] = []
    try:
        for place, words in _texts(upload):
            texts.append((place, words))
    except (_Unreadable, *STUMBLES):
        return Reading(texts, is_whole=False)
    return Reading(texts, is_whole=True)


def _texts(upload: Upload) -> Iterator[tuple[str, str]]:
    if upload.kind in PLAIN:
        yield "", upload.content.decode("utf-8-sig")
    elif upload.kind == "application/pdf":
        yield from _of_pdf(upload.content)
    elif upload.kind.startswith("image/"):
        raise _Unreadable
    else:
        yield from _of_archive(upload.content)


def _of_pdf(content: bytes) -> Iterator[tuple[str, str]]:
    reader, end = PdfReader(io.BytesIO(content)), time.monotonic() + MOST_SECONDS
    if reader.is_encrypted or len(reader.pages) > MOST_PAGES or _is_signed(content):
        raise _Unreadable
    is_whole = True
    for number, page in enumerate(reader.pages, 1):
        place = _("page %(number)s") % {"number": number}
        words = page.extract_text()
        yield place, words
        yield from ((place, target) for target in _links(page))
        is_whole = is_whole and (bool(words.strip()) or "/XObject" not in (page.get("/Resources") or {}))
        if time.monotonic() > end:
            raise _Unreadable
    if not is_whole:
        raise _Unreadable


def _is_signed(content: bytes) -> bool:
    return b"/ByteRange" in content


def _links(page: Any) -> Iterator[str]:
    """Where links of a page lead to outside the file, and what stands in the notes that people pin to it."""
    for held in page.get("/Annots") or ():
        note = held.get_object() if isinstance(held, IndirectObject) else held
        action = note.get("/A")
        action = action.get_object() if isinstance(action, IndirectObject) else action
        for found in ((action or {}).get("/URI"), note.get("/Contents"), note.get("/T"), note.get("/V")):
            if isinstance(found, str | bytes):
                yield found if isinstance(found, str) else found.decode("utf-8", "replace")


def _of_archive(content: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        left = MOST_UNPACKED
        for part in archive.infolist():
            if not part.filename.endswith((".xml", ".rels")) or _PROPERTIES.fullmatch(part.filename):
                continue
            left -= part.file_size
            if part.file_size > MOST_PART or left < 0 or part.flag_bits & 1:
                raise _Unreadable
            slide = re.fullmatch(r"ppt/slides/slide(\d+)\.xml", part.filename)
            place = _("slide %(number)s") % {"number": slide[1]} if slide else ""
            yield place, _of_markup(archive.read(part).decode("utf-8"), is_links=part.filename.endswith(".rels"))


def _of_markup(text: str, *, is_links: bool) -> str:
    """The words between the tags, those of one paragraph together; of a list of links where they lead to."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise _Unreadable
    if is_links:
        outside = [tag for tag in _OUTSIDE.findall(text) if 'TargetMode="External"' in tag]
        return html.unescape("\n".join(found[1] for tag in outside if (found := _TARGET.search(tag))))
    named = [value for value in _NAMED.findall(text) if not value.startswith(("#", "http://schemas.", "urn:"))]
    words = re.sub(r"<[^>]*>", "", _BLOCK.sub("\n", text))
    return html.unescape("\n".join([words, *named]))


def without_author(upload: Upload) -> Upload:
    """The same file without the properties that say who wrote it where. A file that is not understood stays as it is.

    Pictures lose theirs at the upload; a signed PDF keeps them, since a change would break its signature.
    """
    try:
        if upload.kind == "application/pdf":
            return upload if _is_signed(upload.content) else replace(upload, content=_plain_pdf(upload.content))
        if upload.kind in PLAIN or upload.kind.startswith("image/"):
            return upload
        return replace(upload, content=_plain_archive(upload.content))
    except STUMBLES:
        return upload


def _plain_pdf(content: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.metadata = None
    writer.root_object.pop("/Metadata", None)
    for page in writer.pages:
        page.pop("/Metadata", None)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _plain_archive(content: bytes) -> bytes:
    """Every part as it was and in its order, but those about people with their outermost element alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w") as written:
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise ValueError("too large to be written anew")
        for part in archive.infolist():
            held = archive.read(part)
            if _PROPERTIES.fullmatch(part.filename):
                held = _emptied(held.decode("utf-8"))
            written.writestr(part, held)
    return out.getvalue()


def _emptied(text: str) -> bytes:
    """``<a:b …>anything</a:b>`` with nothing in it, so that programs still find the part they look for."""
    declared = re.match(r"\s*<\?xml[^>]*\?>\s*", text)
    start = declared.end() if declared else 0
    root = re.match(r"<([\w:.\-]+)[^>]*?/?>", text[start:])
    if root is None:
        raise ValueError("not an XML document")
    tag = root[0].removesuffix("/>").removesuffix(">")
    return f"{text[:start]}{tag}></{root[1]}>".encode()
