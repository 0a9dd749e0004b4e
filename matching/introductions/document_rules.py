"""What a file must not hold that everybody invited gets, and what a person has to look at."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from matching.introductions.contacts import contacts_in, refuse_contacts
from matching.introductions.document_text import Reading, read_document
from matching.introductions.enums import Held
from portal.common.errors import Incomplete
from portal.common.uploads import Upload

# Beyond that a search would keep the page waiting; a moderator looks at what is so long.
MOST_LETTERS = 1_000_000


def findings(reading: Reading, names: Iterable[str]) -> list[str]:
    """What reaches a person, each with the place where it stands: “ana@example.org” (page 3)."""
    found: dict[str, None] = {}
    known = list(names)
    for place, words in reading.texts:
        for item in contacts_in(words, known):
            found.setdefault(f"“{item}” ({place})" if place else f"“{item}”")
    return list(found)


def why_held(file: Upload, note: str, *, names: Iterable[str], look: bool) -> str:
    """Why a moderator looks first; empty where nothing speaks against the file.

    Raises Incomplete, naming what was found and where, unless the city says that it reaches nobody.
    """
    known = list(names)
    refuse_contacts(note, field="note", names=known)
    refuse_contacts(file.name.rpartition(".")[0], field="file", names=known)
    reading = read_document(file)
    if sum(len(words) for _place, words in reading.texts) > MOST_LETTERS:
        return Held.UNREADABLE
    found = findings(reading, known)
    if found and not look:
        message = _(
            "The file holds what reaches a person: %(found)s. Take it out and choose the file again. If it reaches"
            " nobody, choose the file again and tick the box below: ICLEI then looks at it first."
        )
        raise Incomplete(message % {"found": "; ".join(found[:5])}, ("file",))
    if found:
        return Held.DISPUTED
    return "" if reading.is_whole else Held.UNREADABLE
