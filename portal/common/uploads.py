"""Files that people hand in: what they are is read from their content, and nothing that runs is taken.

An allow-list by ending, magic bytes and structure. Pictures are written anew, which drops what else was in them (place,
camera, a second file). Whoever serves one does it as an attachment: see ``attachment``.
"""

import hashlib
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from portal.common.errors import Incomplete

MOST_BYTES = 10 * 2**20
MOST_UNPACKED = 200 * 2**20
MOST_PARTS = 5000
MOST_PIXELS = 40_000_000
NAME_CHARS = 100
_OFFICE = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was let in: a safe name with its ending, the media type, the bytes to store."""

    name: str
    kind: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def file(self) -> ContentFile:
        """What a FileField saves."""
        return ContentFile(self.content, self.name)


class _Refused(Exception):
    """The content is not what the ending says, or holds something that runs."""


def _pdf(content: bytes) -> bytes:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:] or ACTIVE.search(content):
        raise _Refused
    return content


def _archive(content: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _Refused from error
    names = [part.filename for part in parts]
    if (
        not content.startswith(b"PK\x03\x04")
        or len(parts) > MOST_PARTS
        or sum(part.file_size for part in parts) > MOST_UNPACKED
        or any(name.startswith("/") or ".." in name.split("/") for name in names)
        or any(re.search(r"vbaproject|macros?/|\.(?:exe|dll|js|vbs|bin)$|^basic/|^scripts/", n, re.I) for n in names)
    ):
        raise _Refused
    return parts


def _office(main: str) -> Callable[[bytes], bytes]:
    def check(content: bytes) -> bytes:
        names = {part.filename for part in _archive(content)}
        if not {"[Content_Types].xml", main} <= names:
            raise _Refused
        return content

    return check


def _open_document(kind: str) -> Callable[[bytes], bytes]:
    def check(content: bytes) -> bytes:
        parts = _archive(content)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if not parts or parts[0].filename != "mimetype" or parts[0].file_size > 200:
                raise _Refused
            if archive.read("mimetype").decode("ascii", "replace") != kind:
                raise _Refused
        return content

    return check


def _picture(form: str) -> Callable[[bytes], bytes]:
    def check(content: bytes) -> bytes:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                with Image.open(io.BytesIO(content), formats=[form]) as picture:
                    if picture.width * picture.height > MOST_PIXELS:
                        raise _Refused
                    plain = picture.convert("RGBA" if form == "PNG" else "RGB")
        except (OSError, SyntaxError, ValueError, Warning, Image.DecompressionBombError) as error:
            raise _Refused from error
        out = io.BytesIO()
        plain.info.clear()  # comments and the like would be written again
        plain.save(out, form)
        return out.getvalue()

    return check


def _text(content: bytes) -> bytes:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Refused from error
    if re.search(r"[\x00-\x08\x0e-\x1f]", text):
        raise _Refused
    return content


# Ending → (media type, what looks inside).
KINDS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "pdf": ("application/pdf", _pdf),
    "docx": (f"{_OFFICE}.wordprocessingml.document", _office("word/document.xml")),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _office("xl/workbook.xml")),
    "pptx": (f"{_OFFICE}.presentationml.presentation", _office("ppt/presentation.xml")),
    "odt": (f"{_ODF}.text", _open_document(f"{_ODF}.text")),
    "ods": (f"{_ODF}.spreadsheet", _open_document(f"{_ODF}.spreadsheet")),
    "odp": (f"{_ODF}.presentation", _open_document(f"{_ODF}.presentation")),
    "png": ("image/png", _picture("PNG")),
    "jpg": ("image/jpeg", _picture("JPEG")),
    "jpeg": ("image/jpeg", _picture("JPEG")),
    "txt": ("text/plain", _text),
    "csv": ("text/csv", _text),
}
ACCEPT = ",".join(f".{ending}" for ending in KINDS)


def safe_name(name: str) -> str:
    """The last part of the name, without what a file system, a header or an eye could be misled by; never empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(letter if unicodedata.category(letter)[0] in "LMN" or letter in " ._-()" else "_" for letter in last)
    stem, _dot, ending = " ".join(kept.split()).strip(". ").rpartition(".")
    stem, ending = (stem, ending.lower()) if stem else (ending, "")
    stem = stem.replace(".", "_")[:NAME_CHARS].strip() or "file"
    return f"{stem}.{ending}" if ending else stem


def checked(upload: Any, *, field: str = "file") -> Upload:
    """The upload (a Django file) as what may be stored. Raises Incomplete with what is wrong and what to do."""
    if upload.size > MOST_BYTES:
        message = _("The file is larger than %(size)s MB. Split it, or make its pictures smaller.")
        raise Incomplete(message % {"size": MOST_BYTES // 2**20}, (field,))
    name = safe_name(upload.name)
    ending = name.rpartition(".")[2]
    if ending not in KINDS:
        message = _("Files of this kind are not taken. Save it as one of these: %(kinds)s.")
        raise Incomplete(message % {"kinds": ", ".join(KINDS)}, (field,))
    content = upload.read()
    if not content:
        raise Incomplete(_("The file is empty. Choose another one."), (field,))
    kind, check = KINDS[ending]
    try:
        content = check(content)
    except _Refused:
        message = _(
            "The content of this file is not what its name says, or it holds macros or scripts."
            " Save it anew as PDF, without macros or forms, and try again."
        )
        raise Incomplete(message, (field,)) from None
    return Upload(name, kind, content)


class UploadField(forms.FileField):
    """A file box whose value is an ``Upload``, or None where nothing was chosen and nothing is required."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ACCEPT}))
        kwargs.setdefault(
            "help_text",
            gettext_lazy("PDF, Office or OpenDocument without macros, picture, text or CSV; at most 10 MB."),
        )
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Upload | None:
        found = super().clean(data, initial)
        if not found:
            return None
        try:
            return checked(found)
        except Incomplete as error:
            raise ValidationError(error.message, code="file") from None


def attachment(content: Any, *, name: str, kind: str) -> HttpResponse:
    """The file for saving, never for showing inside the portal: no browser runs what is in it."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
