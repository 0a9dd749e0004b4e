"""What a mail holds beyond its sentence and link: a message's own words, a calendar file, an address to answer to.

An app that owns a kind of notice registers a function for it. It is called when the mail is written, in the
recipient's language and time zone, so that a mail never tells what was taken back meanwhile.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.notices.models import Notice

    Encloses = Callable[["Notice"], "Enclosure"]


@dataclass(frozen=True, slots=True)
class File:
    """``kind`` is the media type with its parameters: ``text/calendar; method=REQUEST; charset=utf-8``."""

    name: str
    content: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class Enclosure:
    """``paragraphs`` are in the recipient's language; ``quoted`` is somebody's own text in ``quoted_language``."""

    paragraphs: tuple[str, ...] = ()
    quoted: str = ""
    quoted_language: str = ""
    reply_to: str = ""
    files: tuple[File, ...] = ()


NOTHING = Enclosure()
ENCLOSURES: "dict[str, Encloses]" = {}


def encloses(*kinds: str) -> "Callable[[Encloses], Encloses]":
    """Register the decorated function for the kinds of notice. Raises ValueError for a kind that has one already."""

    def register(function: "Encloses") -> "Encloses":
        for kind in kinds:
            if ENCLOSURES.get(kind, function).__qualname__ != function.__qualname__:
                raise ValueError(f"two enclosures for {kind}")
            ENCLOSURES[kind] = function
        return function

    return register


def enclosure_of(notice: "Notice") -> Enclosure:
    return ENCLOSURES[notice.kind](notice) if notice.kind in ENCLOSURES else NOTHING
