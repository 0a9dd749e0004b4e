"""Every write to translations: what a person wrote or found right, and what a machine drafted."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.writing_actions import last_edit
from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.errors import Conflict, DomainError, NotAllowed
from portal.common.languages import CODES
from portal.common.sections import fingerprint_of
from portal.common.translated import BY_MACHINE, CHECKED, HUMAN, MACHINE, MISSING, Piece, column
from portal.jobs.actions import enqueue
from portal.jobs.models import Job
from portal.translating.machines import is_on
from portal.translating.subjects import kind_of, subject_of

DRAFT = "translating.draft"


@transaction.atomic
def translate_text(
    *,
    by: User,
    subject: Any,
    language: str,
    texts: Mapping[str, str],
    right: Collection[str] = (),
    seen: Mapping[str, str] | None = None,
) -> None:
    """A person's translation into one language of a record and of what belongs to it; an empty text takes one away.

    ``texts``: key of a piece → text. ``right``: keys of texts that are right as they stand, whoever wrote them.
    ``seen``: key → (see ``mark_of_sight``) as the person was shown it. Raises Conflict where a text that they change
    is another one by now. The original stays as it is, so matches and versions do too.
    """
    row = _locked(by, subject, language)
    pieces = {piece.key: piece for piece in subject_of(row).pieces(row)}
    changed = [key for key in texts.keys() & pieces.keys() if texts[key].strip() != pieces[key].text(language)]
    if any(seen[key] != mark_of_sight(pieces[key], language) for key in changed if seen and key in seen):
        who, when = last_edit(row, f"{kind_of(row)}.")
        message = _("Somebody else changed these texts meanwhile. Your text is kept below: compare, then save again.")
        raise Conflict(message, who=who, when=when)
    confirmed = [key for key in right if key not in changed and _waits_for_a_check(pieces.get(key), language)]
    put = {key: (texts[key].strip(), HUMAN) for key in changed}
    put |= {key: (pieces[key].text(language), _confirmed(pieces[key].mark(language))) for key in confirmed}
    if put:
        _put(row, language, put)
        after = {"language": language, "texts": sorted(changed), "checked": sorted(confirmed)}
        record(by=by, action=f"{kind_of(row)}.translate", subject=row, after=after)


@transaction.atomic
def ask_machine(*, by: User, subject: Any, language: str) -> None:
    """Owe a machine's draft of every text that nobody has translated into the language."""
    row = _locked(by, subject, language)
    if not is_on():
        raise DomainError(_("No machine translator is set up here. Write the translation yourself."), code="no_machine")
    if not to_draft(row, language):
        raise DomainError(_("There is nothing for the machine to do: every text has a translation."), code="complete")
    enqueue(
        kind=DRAFT,
        subject=f"{kind_of(row)}:{row.pk}",
        payload={"language": language, "by": by.pk},
        dedupe=f"{DRAFT}/{kind_of(row)}:{row.pk}/{language}",
    )
    record(by=by, action=f"{kind_of(row)}.ask_machine", subject=row, after={"language": language})


@transaction.atomic
def put_drafts(*, by: User, subject: Any, language: str, drafts: Mapping[str, str], seen: Mapping[str, str]) -> None:
    """What a machine made of the originals ``seen``. Never over a person's text, nor for an original changed since."""
    row = _lock(subject)
    open_pieces = to_draft(row, language)
    fitting = {
        key: (text, MACHINE)
        for key, text in drafts.items()
        if key in open_pieces and open_pieces[key].original == seen[key] and _fits(open_pieces[key], text)
    }
    if fitting:
        _put(row, language, fitting)
        after = {"language": language, "texts": sorted(fitting), "machine": True}
        record(by=by, action=f"{kind_of(row)}.translate", subject=row, after=after)


def to_draft(row: Any, language: str) -> dict[str, Piece]:
    """Key → text that no person has translated: missing, or a machine's of an earlier version."""
    pieces = subject_of(row).pieces(row)
    drafted = BY_MACHINE - {MACHINE}
    return {piece.key: piece for piece in pieces if piece.mark(language) in (MISSING, *drafted)}


def draft_job(row: Any, language: str) -> Job | None:
    """The latest job that drafts the record's texts in the language."""
    jobs = Job.objects.filter(kind=DRAFT, subject=f"{kind_of(row)}:{row.pk}", payload__language=language)
    return jobs.order_by("-pk").first()


def mark_of_sight(piece: Piece, language: str) -> str:
    """What a form remembers of a text as it was shown: whether original, translation or mark have changed since."""
    return fingerprint_of([piece.original, piece.text(language), piece.mark(language)])


def _locked(by: User, subject: Any, language: str) -> Any:
    row = _lock(subject)
    if not subject_of(row).may(by, row):
        raise NotAllowed
    if language not in CODES:
        raise DomainError(_("This portal does not have that language."), code="language")
    if language == row.original_language:
        raise DomainError(_("This is the original language: change the text itself."), code="original")
    return row


def _lock(subject: Any) -> Any:
    return type(subject)._base_manager.select_for_update(no_key=True).get(pk=subject.pk)


def _waits_for_a_check(piece: Piece | None, language: str) -> bool:
    return piece is not None and piece.mark(language) not in (MISSING, HUMAN, CHECKED)


def _confirmed(mark: str) -> str:
    """What a machine wrote stays known as such, also after somebody has read it."""
    return CHECKED if mark in BY_MACHINE else HUMAN


def _fits(piece: Piece, text: str) -> bool:
    most = type(piece.row)._meta.get_field(piece.name).max_length
    return most is None or len(text) <= most


def _put(row: Any, language: str, put: Mapping[str, tuple[str, str]]) -> None:
    """Store texts with their marks, also in rows that said the same, and renew what searches them."""
    kind = subject_of(row)
    pieces = {piece.key: piece for piece in kind.pieces(row)}
    was = {key: (piece.original, piece.text(language)) for key, piece in pieces.items()}
    for twin in kind.twins(row):
        same = [piece for piece in kind.pieces(twin) if was.get(piece.key) == (piece.original, piece.text(language))]
        _save([piece for piece in same if piece.key in put], language, put)
        kind.after(twin)
    _save([pieces[key] for key in put], language, put)
    kind.after(row)


def _save(pieces: Iterable[Piece], language: str, put: Mapping[str, tuple[str, str]]) -> None:
    rows: dict[Any, set[str]] = {}
    for piece in pieces:
        piece.put(language, *put[piece.key])
        rows.setdefault(piece.row, set()).add(column(piece.name, language))
        rows.setdefault(piece.marked, set()).add("translations")
    for row, names in rows.items():
        row.save(update_fields=sorted(names))
