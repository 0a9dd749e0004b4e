"""What everybody invited to a demand is told: documents, the date for questions, and the log of who was told what."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import Demand
from matching.introductions.document_rules import why_held
from matching.introductions.document_text import without_author
from matching.introductions.enums import Act, Shown
from matching.introductions.models import Document, Pack, Question, Showing
from matching.introductions.people import names_behind
from matching.introductions.rules import can_fill_pack, can_set_question_date, can_take_part, side_in
from matching.introductions.states import INVITED
from matching.models import Introduction, Match
from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.errors import DomainError, Incomplete, NotAllowed
from portal.common.translated import original
from portal.common.uploads import Upload
from portal.jobs.actions import enqueue

MOST_DOCUMENTS = 30
FACTS = (
    "budget_min", "budget_max", "currency", "stage", "site", "indicator", "indicator_baseline", "indicator_target",
    "people_served", "quantity", "scale_unit", "finance_route", "procurement_route", "decision_on", "start_on",
    "operation_on",
)  # fmt: skip


def lock_pack(demand: Demand) -> Pack:
    """The demand's pack under a row lock, made where there is none: whoever gives something to all waits here."""
    zone = demand.city.time_zone if demand.city and demand.city.time_zone else "UTC"
    Pack.objects.get_or_create(demand=demand, defaults={"zone": zone})
    return Pack.objects.select_for_update(no_key=True).get(demand=demand)


def invited_organisations(demand: Demand) -> list[int]:
    found = Match.objects.filter(demand=demand, state__in=INVITED)
    return sorted(set(found.values_list("solution__provider__organisation_id", flat=True)))


def facts_digest(demand: Demand) -> str:
    texts = [original(demand, name) for name in ("title", "summary", "problem", "outcome")]
    wishes = sorted(f"{one.criterion_id}:{one.is_mandatory}:{one.number}" for one in demand.requirements.all())
    return _digest([texts, [str(getattr(demand, name)) for name in FACTS], wishes])


def answer_digest(question: Question) -> str:
    return _digest([question.text, question.answer])


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()


def items_of(demand: Demand) -> Iterable[tuple[str, str, str]]:
    """(kind, subject, digest) of all that is in the pack now."""
    yield Shown.FACTS, f"facts:{demand.version}", facts_digest(demand)
    for document in Document.objects.given().filter(demand=demand):
        yield Shown.DOCUMENT, f"document:{document.public_id}", document.sha256
    for question in Question.objects.released().filter(demand=demand):
        yield Shown.ANSWER, f"answer:{question.public_id}", answer_digest(question)


@transaction.atomic
def give_pack(*, demand: Demand) -> int:
    """Note for every invited provider all that is in the pack and was not noted yet. Returns how many lines are new.

    Called after everything that changes the pack or adds a provider, so that no line can be missing for one of them.
    """
    lock_pack(demand)
    demand.refresh_from_db()
    now, new = timezone.now(), 0
    known = set(Showing.objects.filter(demand=demand, act=Act.GIVEN).values_list("organisation_id", "subject"))
    items = list(items_of(demand))
    for organisation_id in invited_organisations(demand):
        for what, subject, digest in items:
            if (organisation_id, subject) not in known:
                line = Showing(demand=demand, organisation_id=organisation_id, act=Act.GIVEN, what=what, at=now)
                line.subject, line.digest = subject, digest
                line.save(force_insert=True)
                new += 1
    Pack.objects.filter(demand=demand).update(facts_version=demand.version)
    return new


@transaction.atomic
def note_opened(*, by: User, demand: Demand, what: str, subject: str, digest: str) -> None:
    """The first time somebody of an invited provider opens a part of the pack."""
    mine = by.organisation_ids & set(invited_organisations(demand))
    for organisation_id in sorted(mine):
        Showing.objects.get_or_create(
            demand=demand, organisation_id=organisation_id, act=Act.OPENED, subject=subject,
            defaults={"what": what, "digest": digest, "at": timezone.now()},
        )  # fmt: skip


@transaction.atomic
def set_question_date(*, by: User, demand: Demand, until: datetime | None, zone: str) -> Pack:
    """Until when questions may be asked; None leaves it open. Everybody invited is told of a date that is set or moved.

    Raises Incomplete for a moment that has passed.
    """
    if not can_set_question_date(by, demand):
        raise NotAllowed
    if until is not None and until <= timezone.now():
        raise Incomplete(_("This moment has passed already. Choose a later one."), ("until",))
    pack = lock_pack(demand)
    before = pack.questions_until
    if before == until:
        return pack
    pack.questions_until, pack.zone = until, zone
    pack.save(update_fields=["questions_until", "zone", "updated_at"])
    record(
        by=by, action="pack.set_question_date", subject=pack,
        before={"questions_until": before}, after={"questions_until": until, "zone": zone},
    )  # fmt: skip
    if until is not None:
        dedupe = f"question-date/{pack.pk}/{until.isoformat()}"
        enqueue(kind="introductions.question_date", subject=f"pack:{pack.pk}", dedupe=dedupe)
    return pack


@transaction.atomic
def add_pack_document(*, by: User, demand: Demand, file: Upload, note: str = "", look: bool = False) -> Document:
    """Give a file to everybody who is invited, at the same moment, and to everybody invited later.

    What reaches a person is refused as in a message; with ``look`` a moderator judges it, and always what no program
    can read. Who wrote the file is taken out of it.
    """
    if not can_fill_pack(by, demand):
        raise NotAllowed
    file = without_author(file)
    held_for = why_held(file, note, names=names_behind(demand), look=look)
    lock_pack(demand)
    _room(Document.objects.present().filter(demand=demand).count())
    place = {"demand": demand, "organisation_id": demand.organisation_id}
    document = _stored(by, file, note, held_for=held_for, **place)
    give_pack(demand=demand)
    enqueue(kind="introductions.document_added", subject=f"document:{document.pk}")
    return document


@transaction.atomic
def add_shared_document(*, by: User, introduction: Introduction, file: Upload, note: str = "") -> Document:
    """Share a file with the other side of an introduction."""
    if not can_take_part(by, introduction):
        raise NotAllowed
    Introduction.objects.select_for_update(no_key=True).get(pk=introduction.pk)
    _room(introduction.documents.present().count())
    side = side_in(by, introduction)
    document = _stored(by, file, note, introduction=introduction, organisation_id=side)
    enqueue(kind="introductions.document_added", subject=f"document:{document.pk}")
    return document


def _room(number: int) -> None:
    if number >= MOST_DOCUMENTS:
        message = _("There are %(number)s documents already. Remove one that is not needed any more first.")
        raise DomainError(message % {"number": number}, code="too_many")


def _stored(by: User, file: Upload, note: str, **place: Any) -> Document:
    document = Document(
        name=file.name, kind=file.kind, size=file.size, sha256=file.sha256, note=note, added_by=by, **place
    )
    document.file.save(file.name, file.file, save=False)
    document.save(force_insert=True)
    after = {"name": file.name, "sha256": file.sha256, "held_for": document.held_for}
    record(by=by, action="document.add", subject=document, after=after)
    return document


@transaction.atomic
def remove_document(*, by: User, document: Document) -> Document:
    """Take a file off the page. The row and the log stay: they say that it was there, and who had opened it."""
    row = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
    if not can_remove(by, row):
        raise NotAllowed(_("Only whoever shared a document takes it back."))
    if row.removed_at is None:
        row.removed_by, row.removed_at = by, timezone.now()
        row.save(update_fields=["removed_by", "removed_at", "updated_at"])
        record(by=by, action="document.remove", subject=row, before={"name": row.name, "sha256": row.sha256})
    return row


def can_remove(user: User, document: Document) -> bool:
    if document.demand_id is not None:
        return can_fill_pack(user, document.demand)
    own_side = document.organisation_id is not None and document.organisation_id in user.organisation_ids
    return own_side or document.added_by_id == user.pk
