"""What a file is, judged by its content. Its name is only asked whether it says the same."""

from __future__ import annotations

import codecs
import io
import unicodedata
import zipfile
from enum import StrEnum
from pathlib import PurePath

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.common.errors import DomainError


class UnreadableFile(DomainError):
    """The file as a whole cannot be taken; nothing of it was written."""

    code = "unreadable_file"
    status = 422


class Kind(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"  # arrays, lines and OCDS packages are told apart by the reader

    @property
    def label(self) -> Promise:
        return {
            "csv": gettext_lazy("a table as text (CSV)"),
            "xlsx": gettext_lazy("an Excel workbook (XLSX)"),
            "json": gettext_lazy("JSON"),
        }[self.value]


ENDINGS = {
    "csv": Kind.CSV, "tsv": Kind.CSV, "tab": Kind.CSV, "xlsx": Kind.XLSX, "xlsm": Kind.XLSX,
    "json": Kind.JSON, "jsonl": Kind.JSON, "ndjson": Kind.JSON,
}  # fmt: skip
# A workbook is an archive; what it unpacks to is looked at before it is unpacked.
UNPACKED_LIMIT = 1 << 30
_SIGNATURES = (
    (b"%PDF", gettext_lazy("a PDF document")),
    (b"\xd0\xcf\x11\xe0", gettext_lazy("an old Excel or Word file")),
    (b"\x1f\x8b", gettext_lazy("a compressed file (gzip)")),
    (b"7z\xbc\xaf", gettext_lazy("a compressed file (7z)")),
    (b"Rar!", gettext_lazy("a compressed file (RAR)")),
    (b"\x89PNG", gettext_lazy("a picture")),
    (b"\xff\xd8\xff", gettext_lazy("a picture")),
    (b"GIF8", gettext_lazy("a picture")),
    (b"SQLite format 3\0", gettext_lazy("a database (SQLite)")),
    (b"PAR1", gettext_lazy("a Parquet file")),
)
# The longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def recognise(data: bytes, name: str, *, encoding: str = "") -> tuple[Kind, str]:
    """The kind, and the text unless it is a workbook. Raises UnreadableFile, also if the name says otherwise."""
    kind, text = _by_content(data, encoding)
    claimed = ENDINGS.get(PurePath(name).suffix.lower().lstrip("."))
    if claimed is not None and claimed is not kind:
        raise UnreadableFile(
            _("The name of “%(file)s” says that it is %(claimed)s, but it holds %(found)s. Check that it is the right "
              "file; if it is, give it the ending .%(ending)s.")
            % {"file": name, "claimed": claimed.label, "found": kind.label, "ending": kind.value}
        )  # fmt: skip
    return kind, text


def _by_content(data: bytes, encoding: str) -> tuple[Kind, str]:
    if not data.strip(b" \t\r\n\0" + codecs.BOM_UTF8):
        raise UnreadableFile(_("The file is empty."))
    if data.startswith(b"PK\x03\x04"):
        _check_workbook(data)
        return Kind.XLSX, ""
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise _not_taken(what)
    text = _decode(data, encoding)
    start = text[:200].lstrip().lower()
    if start.startswith(("<!doctype html", "<html")):
        raise _not_taken(gettext_lazy("a web page (HTML)"))
    if start.startswith("<?xml") or (start.startswith("<") and text.rstrip().endswith(">")):
        raise _not_taken(gettext_lazy("an XML file"))
    return (Kind.JSON if start.startswith(("{", "[")) else Kind.CSV), text


def _not_taken(what: str | Promise) -> UnreadableFile:
    return UnreadableFile(
        _("This is %(what)s. Imports take CSV, XLSX, JSON Lines, a JSON list or an OCDS release package: save or "
          "export it as one of these.") % {"what": what}
    )  # fmt: skip


def _check_workbook(data: bytes) -> None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise UnreadableFile(_("The file begins like an Excel workbook, but it is damaged or incomplete.")) from None
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise _not_taken(gettext_lazy("a ZIP archive without an Excel workbook"))
    if sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise UnreadableFile(_("The workbook unpacks to more than a gigabyte. Split it into several files."))


def _decode(data: bytes, encoding: str) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding or name)
    if encoding:
        return _decoded(data, encoding)
    wide = _wide_order(data)
    if wide:
        return _decoded(data, wide)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if wide := _plausibly_wide(data):
            return wide
        raise _not_utf8(data, error) from None
    if _looks_binary(text):
        raise _not_taken(gettext_lazy("binary data"))
    return text


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise UnreadableFile(_("“%(name)s” is not the name of an encoding.") % {"name": encoding}) from None
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            _("The file cannot be read as %(encoding)s: byte %(place)s does not fit.")
            % {"encoding": encoding.upper(), "place": error.start + 1}
        ) from None


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> UnreadableFile:
    return UnreadableFile(
        _("The text is not in UTF-8: line %(line)s has a byte (%(byte)s) that does not fit. Save the file as "
          "“CSV UTF-8”, or name its encoding with --encoding, for instance --encoding cp1252.")
        % {"line": data.count(b"\n", 0, error.start) + 1, "byte": f"0x{data[error.start]:02X}"}
    )  # fmt: skip


def _wide_order(data: bytes) -> str:
    """UTF-16 without a mark shows in the zero byte that every ASCII character of it has."""
    head = data[:4096]
    even, odd = head[0::2].count(0) / max(len(head) / 2, 1), head[1::2].count(0) / max(len(head) / 2, 1)
    if odd > 0.2 and even < odd / 4:
        return "utf-16-le"
    return "utf-16-be" if even > 0.2 and odd < even / 4 else ""


def _plausibly_wide(data: bytes) -> str:
    """UTF-16 of mostly Chinese, Japanese or Korean text has few zero bytes; its separators give it away."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        letters = sum(char.isalpha() for char in text[:4096])
        if text.count("\n") and any(mark in text for mark in ",;\t|") and letters > 0.6 * min(len(text), 4096):
            return text
    return ""


def _looks_binary(text: str) -> bool:
    head = text[:4096]
    controls = sum(unicodedata.category(char) == "Cc" and char not in "\t\r\n\f\x0b" for char in head)
    return controls > max(4, 0.05 * len(head))
