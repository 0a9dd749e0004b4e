"""Mails that a demo wrote to files instead of sending them. Nothing of this works where mails leave the machine."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

# As Django's backend for files ends each message.
BETWEEN = re.compile(rb"^-{79}\r?\n?", re.MULTILINE)
NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]{1,20}\.log")
MOST = 80
BACKEND = "django.core.mail.backends.filebased.EmailBackend"


@dataclass(frozen=True, slots=True)
class Caught:
    """One mail; ``name`` and ``number`` are its file and its place therein."""

    name: str
    number: int
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def language(self) -> str:
        return str(self.message["Content-Language"] or "")

    @property
    def at(self) -> datetime:
        try:
            return parsedate_to_datetime(str(self.message["Date"]))
        except ValueError:
            return datetime.fromtimestamp(0, UTC)

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def files(self) -> list[str]:
        return [part.get_filename() or part.get_content_type() for part in self.message.iter_attachments()]

    def _part(self, kind: str) -> str:
        found = self.message.get_body((kind,))
        return str(found.get_content()) if found is not None else ""


def is_catching() -> bool:
    """Only in a demo or under development, and only while mails are written to files."""
    return bool(settings.CATCHES_MAILS) and settings.EMAIL_BACKEND == BACKEND


def newest() -> list[Caught]:
    """The newest mails, the last first."""
    names = sorted((path.name for path in _folder().glob("*.log")), reverse=True)
    found = [mail for name in names[:MOST] for mail in reversed(list(_in_file(name)))]
    return sorted(found[:MOST], key=lambda mail: mail.at, reverse=True)


def one(name: str, number: int) -> Caught | None:
    return next((mail for mail in _in_file(name) if mail.number == number), None)


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _in_file(name: str) -> Iterator[Caught]:
    # The name comes from an address: it must be one that the backend gives, and nothing else.
    path = _folder() / name
    if not NAME.fullmatch(name) or not path.is_file():
        return
    for number, raw in enumerate(BETWEEN.split(path.read_bytes())):
        if raw.strip():
            message = message_from_bytes(raw, policy=default)
            yield Caught(name, number, message)  # type: ignore[arg-type]
