"""Every write to programmes, their partners and their way from draft to report."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import FocusArea
from portal.accounts.models import Organisation, User
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.jobs.actions import enqueue
from portal.programmes.enums import ApplicationState, ProgrammeState
from portal.programmes.figures import figures_of
from portal.programmes.models import Application, Partner, Programme
from portal.programmes.neutrality import flags_of
from portal.programmes.obstacles import obstacles
from portal.programmes.rules import is_manager, is_officer
from portal.programmes.states import DECIDED, PROGRAMME
from portal.programmes.texts import put_changes, put_texts

FACTS = frozenset({"kind", "starts_on", "ends_on", "regions"})
TEXTS = frozenset({"title", "summary", "about"})
# What is shown to applicants as the rules they applied under does not change while they may still apply.
TOLD = frozenset({"open", "close", "start_jury", "publish_results", "start_running", "publish_report"})
FIXED = frozenset(ProgrammeState.values) - {ProgrammeState.DRAFT, ProgrammeState.ANNOUNCED}


def require_manager(by: User) -> None:
    if not is_manager(by):
        raise NotAllowed


@transaction.atomic
def create_programme(
    *, by: User, language: str, texts: dict[str, str], facts: dict[str, Any], areas: Iterable[FocusArea]
) -> Programme:
    require_manager(by)
    programme = Programme(created_by=by, original_language=language, **facts)
    put_texts(programme, texts)
    programme.save(force_insert=True)
    programme.focus_areas.set(areas)
    record(by=by, action="programme.create", subject=programme, after={"title": texts.get("title", "")})
    return programme


@transaction.atomic
def edit_programme(
    *, by: User, programme: Programme, texts: dict[str, str], facts: dict[str, Any], areas: Iterable[FocusArea]
) -> Programme:
    """Texts in the original language, and facts. Texts that others translated are marked as older than the original."""
    require_manager(by)
    if not (set(facts) <= FACTS and set(texts) <= TEXTS):
        raise NotAllowed
    row = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    before, changed = put_changes(row, facts, texts)
    row.save(update_fields=[*changed, "translations", "updated_at"])
    row.focus_areas.set(areas)
    record(by=by, action="programme.edit", subject=row, before=before, after=changed)
    return row


@transaction.atomic
def add_partner(
    *, by: User, programme: Programme, role: str, name: str, organisation: Organisation | None = None, website: str = ""
) -> Partner:
    require_manager(by)
    if Partner.objects.filter(programme=programme, role=role, name=name).exists():
        raise DomainError(_("This partner is in the list already."), code="twice")
    partner = Partner(programme=programme, role=role, name=name, organisation=organisation, website=website)
    partner.save(force_insert=True)
    record(by=by, action="programme.add_partner", subject=programme, after={"name": name, "role": role})
    enqueue(kind="programmes.flags", subject=f"programme:{programme.pk}")
    return partner


@transaction.atomic
def remove_partner(*, by: User, partner: Partner) -> None:
    require_manager(by)
    programme = partner.programme
    if programme.state in DECIDED:
        raise Conflict(_("The results are published: who paid for and carried the programme stays as it is."))
    record(by=by, action="programme.remove_partner", subject=programme, before={"name": partner.name})
    partner.delete()


@transaction.atomic
def clear_neutrality(*, by: User, programme: Programme, note: str) -> Programme:
    """The neutrality officer's word on all double parts there are now. One that comes later needs a word of its own."""
    if not is_officer(by):
        raise NotAllowed
    if not note.strip():
        raise Incomplete(_("Say in words why the programme may go on, and under which conditions."), ("note",))
    row = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    covers = sorted({flag.organisation.pk for flag in flags_of(row)})
    before = {"note": row.neutrality_note, "covers": row.neutrality_covers}
    row.neutrality_note, row.neutrality_by, row.neutrality_at = note.strip(), by, timezone.now()
    row.neutrality_covers = covers
    fields = ["neutrality_note", "neutrality_by", "neutrality_at", "neutrality_covers", "updated_at"]
    row.save(update_fields=fields)
    record(
        by=by, action="programme.clear_neutrality", subject=row, before=before, after={"note": note, "covers": covers}
    )
    return row


@transaction.atomic
def move_programme(*, by: Any, programme: Programme, move: str) -> Programme:
    """One step on the way. ``by`` is a manager, or "system" where a date has come."""
    if isinstance(by, User):
        require_manager(by)
    if move not in PROGRAMME.moves or move == "reopen":
        raise NotAllowed
    row = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    if row.state in PROGRAMME.moves[move].sources and (missing := obstacles(row, move)):
        raise Incomplete(" ".join(missing))
    changes: dict[str, Any] = {}
    if move == "announce":
        changes["announced_at"] = timezone.now()
    if move == "publish_results":
        changes["results_at"] = timezone.now()
    if move == "publish_report":
        changes |= {"reported_at": timezone.now(), "report_figures": figures_of(row)}
    moved = transition(row, move, table=PROGRAMME, by=by, changes=changes)
    if move == "publish_results":
        _settle(moved, by)
    if move in TOLD:
        enqueue(kind=f"programmes.{move}", subject=f"programme:{moved.pk}")
    return moved


def _settle(programme: Programme, by: Any) -> None:
    """Every verdict becomes the applicant's state in this one transaction."""
    from portal.programmes.jury_actions import settle_application

    admitted = Application.objects.filter(call__programme=programme, state=ApplicationState.ADMITTED)
    for application in admitted.select_related("call").order_by("pk"):
        settle_application(by=by, application=application)
