"""Every write to public bodies and demands."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.writing_actions import apply_changes, last_edit
from cities.enums import DemandState
from cities.marks import marks_of
from cities.models import City, Demand, PublicBody, Requirement
from cities.rules import can_direct_demand, can_edit_city, can_edit_demand, can_review_demand, can_submit_demand
from cities.states import DEMAND
from portal.accounts.actions import register_organisation
from portal.accounts.enums import OrganisationKind, OrganisationState
from portal.accounts.models import Organisation, User
from portal.accounts.rules import is_member, is_verified_organisation
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.common.search import set_search
from portal.common.translated import all_texts, column
from portal.jobs.actions import enqueue

TRANSLATED = ("title", "summary", "problem", "outcome")
MANY = ("more_focus_areas", "topics")
REQUIRED = ("title", "summary", "problem", "outcome", "focus_area", "stage")
# What people know about a city and GeoNames does not.
CITY_FACTS = ("hazards", "working_languages", "iclei_member_since")
# What is edited within this time is told at once.
TOLD_TOGETHER = timedelta(minutes=30)


@transaction.atomic
def register_public_body(
    *, by: User, city: City, name: str, department: str = "", website: str = "", registry_number: str = ""
) -> PublicBody:
    organisation = register_organisation(
        by=by,
        kind=OrganisationKind.CITY,
        name=name,
        country=city.country,
        website=website,
        registry_number=registry_number,
    )
    body = PublicBody(organisation=organisation, city=city, department=department)
    body.save(force_insert=True)
    record(
        by=by, action="public_body.register", subject=body, after={"city": city.geonames_id, "department": department}
    )
    return body


@transaction.atomic
def edit_city(*, by: User, city: City, changes: Mapping[str, Any]) -> City:
    """Set hazards, working languages and membership. What GeoNames says is changed by its file, not by hand."""
    if not can_edit_city(by) or not set(changes) <= set(CITY_FACTS):
        raise NotAllowed
    row = City.objects.select_for_update(no_key=True).get(pk=city.pk)
    before = {name: getattr(row, name) for name in changes if getattr(row, name) != changes[name]}
    if before:
        after = {name: changes[name] for name in before}
        for name, value in after.items():
            setattr(row, name, value)
        row.save(update_fields=list(after))
        record(by=by, action="city.edit", subject=row, before=before, after=after)
    return row


@transaction.atomic
def create_demand(*, by: User, organisation: Organisation, language: str, title: str) -> Demand:
    """A draft, which also an organisation that still waits for verification may write."""
    if not is_member(by, organisation.pk):
        raise NotAllowed
    if organisation.state not in {OrganisationState.PENDING, OrganisationState.VERIFIED}:
        message = _("Your organisation is not verified. Ask ICLEI to verify it again before you write a demand.")
        raise DomainError(message, code="not_verified")
    city = organisation.public_body.city
    demand = Demand(
        organisation=organisation, city=city, country=city.country, original_language=language, languages=[language]
    )
    setattr(demand, column("title", language), title)
    demand.translations["title"] = {language: "original"}
    demand.save(force_insert=True)
    record(by=by, action="demand.create", subject=demand, after={"title": title, "language": language})
    refresh_search(demand)
    return demand


@transaction.atomic
def edit_demand(*, by: User, demand: Demand, changes: Mapping[str, Any], expected_version: int | None = None) -> Demand:
    """Set fields (model values; many-to-many as iterables). A published demand stays complete and is matched again.

    Raises Conflict when ``expected_version`` is no longer the row's version: somebody else saved meanwhile.
    """
    row = _lock_for_edit(by, demand, expected_version)
    before, after = apply_changes(row, changes, TRANSLATED, MANY)
    if not after:
        return row
    if row.is_live and (gaps := missing_fields(row)):
        raise Incomplete(_("This demand is published: it cannot do without these answers."), gaps)
    row.version += 1
    row.save()
    record(by=by, action="demand.edit", subject=row, before=before, after=after)
    refresh_search(row)
    rematch(row)
    _tell_of_edit(row, by)
    return row


@transaction.atomic
def set_requirements(
    *, by: User, demand: Demand, rows: Iterable[Mapping[str, Any]], expected_version: int | None = None
) -> None:
    """Replace must-haves and nice-to-haves by ``rows`` of Requirement fields (criterion, is_mandatory, number).

    Raises Conflict as edit_demand does.
    """
    row = _lock_for_edit(by, demand, expected_version)
    before = [str(item) for item in row.requirements.all()]
    row.requirements.all().delete()
    for fields in rows:
        Requirement(demand=row, **fields).save(force_insert=True)
    after = [str(item) for item in row.requirements.all()]
    if before != after:
        row.version += 1
        row.save(update_fields=["version", "updated_at"])
        demand.version = row.version
        record(
            by=by,
            action="demand.set_requirements",
            subject=row,
            before={"requirements": before},
            after={"requirements": after},
        )
        rematch(row)
        _tell_of_edit(row, by)


def _lock_for_edit(by: User, demand: Demand, expected_version: int | None) -> Demand:
    row = Demand.objects.select_for_update(no_key=True).get(pk=demand.pk)
    # Asked of the locked row: the demand may have been submitted since the caller read it.
    if not can_edit_demand(by, row):
        message = _("This demand cannot be edited in its present state: “%(state)s”.")
        raise NotAllowed(message % {"state": row.get_state_display()})
    if expected_version is not None and row.version != expected_version:
        who, when = last_edit(row, "demand.edit", "demand.set_requirements")
        message = _("Somebody else changed this demand meanwhile. Your text is kept below: compare, then save again.")
        raise Conflict(message, who=who, when=when)
    return row


def missing_fields(demand: Demand) -> tuple[str, ...]:
    return tuple(name for name in REQUIRED if not getattr(demand, name))


@transaction.atomic
def submit_demand(*, by: User, demand: Demand) -> Demand:
    """Hand the demand to a moderator. This is the approver's word for the city; the moderator's publishes it."""
    if not can_submit_demand(by, demand):
        raise NotAllowed
    if gaps := missing_fields(demand):
        raise Incomplete(
            _("Some answers are still missing. Open the sections marked “to do”, then submit again."), gaps
        )
    if not is_verified_organisation(demand.organisation):
        message = _("ICLEI has not verified your organisation yet. Your draft is saved. Submit it after that.")
        raise Incomplete(message, ("organisation",))
    demand = transition(
        demand, "submit", table=DEMAND, by=by, changes={"submitted_at": timezone.now(), "submitted_by": by}
    )
    enqueue(
        kind="notices.demand_submitted",
        subject=f"demand:{demand.pk}",
        dedupe=f"submitted/demand/{demand.pk}/{demand.version}",
    )
    return demand


@transaction.atomic
def publish_demand(*, by: User, demand: Demand) -> Demand:
    _may_review(by, demand)
    demand = transition(
        demand,
        "publish",
        table=DEMAND,
        by=by,
        changes={"published_at": timezone.now(), "published_by": by, "review_note": ""},
    )
    rematch(demand)
    enqueue(kind="notices.demand_published", subject=f"demand:{demand.pk}")
    return demand


@transaction.atomic
def request_changes(*, by: User, demand: Demand, note: str) -> Demand:
    _may_review(by, demand)
    if not note.strip():
        raise Incomplete(_("Say what has to change: the city reads your words."), ("note",))
    demand = transition(demand, "request_changes", table=DEMAND, by=by, note=note, changes={"review_note": note})
    enqueue(
        kind="notices.demand_changes_requested",
        subject=f"demand:{demand.pk}",
        dedupe=f"changes/demand/{demand.pk}/{demand.version}",
    )
    return demand


@transaction.atomic
def reject_demand(*, by: User, demand: Demand, reason: str, note: str = "") -> Demand:
    _may_review(by, demand)
    demand = transition(
        demand,
        "reject",
        table=DEMAND,
        by=by,
        reason=reason,
        note=note,
        changes={"state_reason": reason, "review_note": note},
    )
    enqueue(
        kind="notices.demand_rejected",
        subject=f"demand:{demand.pk}",
        dedupe=f"rejected/demand/{demand.pk}/{demand.version}",
    )
    return demand


def _may_review(by: User, demand: Demand) -> None:
    if not can_review_demand(by, demand):
        raise NotAllowed


@transaction.atomic
def direct_demand(*, by: User, demand: Demand, move: str, reason: str = "", note: str = "") -> Demand:
    """hold, resume, withdraw, close or reopen, by whoever speaks for the city or by a moderator."""
    if move not in {"hold", "resume", "withdraw", "close", "reopen", "renew"} or not can_direct_demand(by, demand):
        raise NotAllowed
    demand = transition(demand, move, table=DEMAND, by=by, reason=reason, note=note, changes={"state_reason": reason})
    rematch(demand, always=True)
    if move != "reopen":
        tell_of_move(demand, move, by=by)
    return demand


@transaction.atomic
def mark_dialogue(*, by: Any, demand: Demand, started: bool) -> None:
    """Follow the demand's introductions: in dialogue while one runs. Called by matching, quiet when nothing changes."""
    row = Demand.objects.get(pk=demand.pk)
    if started and row.state == DemandState.PUBLISHED:
        transition(row, "start_dialogue", table=DEMAND, by=by)
    elif not started and row.state == DemandState.IN_DIALOGUE:
        transition(row, "end_dialogue", table=DEMAND, by=by)


def tell_of_move(demand: Demand, move: str, *, by: Any) -> None:
    """Owe the word to colleagues, and to providers that are invited, that a demand stops, goes on or has ended."""
    actor = by.pk if isinstance(by, User) else None
    enqueue(kind="notices.demand_moved", subject=f"demand:{demand.pk}", payload={"move": move, "by": actor})


def _tell_of_edit(demand: Demand, by: User) -> None:
    """One word about all that is edited within half an hour: a form is saved section by section."""
    if demand.is_live:
        enqueue(
            kind="notices.demand_edited", subject=f"demand:{demand.pk}", payload={"by": by.pk},
            dedupe=f"edited/demand/{demand.pk}", delay=TOLD_TOGETHER,
        )  # fmt: skip


def _settle_pool(demand: Demand) -> None:
    """What cities filed by themselves follows the demand that they made together (cities.coach)."""
    if Demand.objects.filter(pk=demand.pk, pool__isnull=False).exists():
        enqueue(kind="coach.settle_pool", subject=f"demand:{demand.pk}")


def rematch(demand: Demand, *, always: bool = False) -> None:
    """Owe the matcher and the pool what follows from a change of a demand that is public, or was until now."""
    _settle_pool(demand)
    if demand.is_live or always:
        enqueue(kind="matching.match_demand", subject=f"demand:{demand.pk}")


def refresh_search(demand: Demand) -> None:
    """Bring the keyword index of one row up to date with all its texts and the names of its city."""
    texts = {name: all_texts(demand, name) for name in TRANSLATED}
    place = " ".join(filter(None, [demand.city.search if demand.city else "", demand.body_name]))
    set_search(
        demand._meta.db_table,
        demand.pk,
        {
            "A": texts["title"],
            "B": f"{texts['summary']} {place}",
            "C": texts["problem"][:6000],
            "D": texts["outcome"][:3000],
        },
        marks_of(demand),
    )
