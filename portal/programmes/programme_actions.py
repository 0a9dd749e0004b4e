"""Every write to programmes, their partners and their way from draft to report."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import FocusArea, Solution
from cities.models import Demand
from matching.actions import add_match
from matching.enums import Origin
from matching.models import Match
from portal.accounts.models import Organisation, User
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.common.translated import column, original
from portal.jobs.actions import enqueue
from portal.programmes.deadlines import is_over
from portal.programmes.enums import ApplicationState, ProgrammeState
from portal.programmes.figures import figures_of
from portal.programmes.models import Application, Call, Event, Partner, Programme, ProgrammeMatch
from portal.programmes.neutrality import flags_of, open_flags
from portal.programmes.rules import is_manager, is_officer
from portal.programmes.states import DECIDED, PROGRAMME

FACTS = frozenset({"kind", "starts_on", "ends_on", "regions"})
TEXTS = frozenset({"title", "summary", "about"})
# What is shown to applicants as the rules they applied under does not change while they may still apply.
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
    for name, text in texts.items():
        setattr(programme, column(name, language), text)
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
    changed = {name: value for name, value in facts.items() if getattr(row, name) != value}
    texts = {name: text for name, text in texts.items() if original(row, name) != text}
    stale = {name: dict.fromkeys(row.translations.get(name, {}), "stale") for name in texts}
    changed |= {column(name, row.original_language): text for name, text in texts.items()}
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    row.translations = {**row.translations, **stale}
    row.save(update_fields=[*changed, "translations", "updated_at"])
    row.focus_areas.set(areas)
    record(by=by, action="programme.edit", subject=row, before=before, after=changed)
    return row


@transaction.atomic
def translate_text(*, by: User, subject: Programme | Call | Event, language: str, texts: dict[str, str]) -> None:
    """A person's translation of a record into one language; an empty text takes it away."""
    require_manager(by)
    if language == subject.original_language:
        raise DomainError(_("This is the original language: change the text itself."), code="original")
    model = type(subject)
    row: Any = model._base_manager.select_for_update(no_key=True).get(pk=subject.pk)
    for name, text in texts.items():
        setattr(row, column(name, language), text)
    fields = [column(name, language) for name in texts]
    if isinstance(row, Programme):
        row.translations = {
            name: {**row.translations.get(name, {}), **({language: "human"} if text else {})}
            for name, text in texts.items()
        } | {name: marks for name, marks in row.translations.items() if name not in texts}
        fields.append("translations")
    row.save(update_fields=[*fields, "updated_at"])
    record(by=by, action=f"{model._meta.model_name}.translate", subject=row, after={"language": language})


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


def obstacles(programme: Programme, move: str) -> list[str]:
    """Why a move cannot be made yet, as sentences that say what to do; empty when it can."""
    checks: dict[str, Callable[[Programme], Iterable[str]]] = {
        "announce": _before_announcing,
        "open": _before_opening,
        "close": _before_closing,
        "start_jury": _before_jury,
        "publish_results": _before_results,
        "start_running": _before_running,
        "publish_report": _before_report,
    }
    return list(checks[move](programme)) if move in checks else []


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
    if move in ("start_jury", "publish_results", "close"):
        enqueue(kind=f"programmes.{move}", subject=f"programme:{moved.pk}")
    return moved


def _settle(programme: Programme, by: Any) -> None:
    """Every verdict becomes the applicant's state in this one transaction."""
    from portal.programmes.jury_actions import settle_application

    admitted = Application.objects.filter(call__programme=programme, state=ApplicationState.ADMITTED)
    for application in admitted.select_related("call").order_by("pk"):
        settle_application(by=by, application=application)


@transaction.atomic
def write_report(*, by: User, programme: Programme, text: str) -> Programme:
    require_manager(by)
    row = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    setattr(row, column("report", row.original_language), text)
    row.save(update_fields=[column("report", row.original_language), "updated_at"])
    record(by=by, action="programme.write_report", subject=row)
    return row


@transaction.atomic
def link_match(*, by: User, programme: Programme, demand: Demand, solution: Solution, note: str) -> Match:
    """Put a pair that met in the programme on the moderators' desk. They decide on it as on any other."""
    require_manager(by)
    match = add_match(by=by, demand=demand, solution=solution, note=note, origin=Origin.PROGRAMME)
    if not ProgrammeMatch.objects.filter(programme=programme, match=match).exists():
        ProgrammeMatch(programme=programme, match=match, by=by).save(force_insert=True)
        record(by=by, action="programme.link_match", subject=programme, after={"match": match.pk}, note=note)
    return match


@transaction.atomic
def link_record(*, by: User, programme: Programme, subject: Demand | Solution) -> None:
    """A demand or solution that belongs to the programme without an application: it counts in the figures."""
    require_manager(by)
    if not subject.is_live:
        raise DomainError(_("Only what is published can be linked."), code="not_live")
    (programme.demands if isinstance(subject, Demand) else programme.solutions).add(subject)  # type: ignore[arg-type]
    record(by=by, action="programme.link", subject=programme, after={"record": subject.public_id})


@transaction.atomic
def unlink_record(*, by: User, programme: Programme, reference: str) -> None:
    require_manager(by)
    programme.demands.remove(*programme.demands.filter(public_id=reference))
    programme.solutions.remove(*programme.solutions.filter(public_id=reference))
    record(by=by, action="programme.unlink", subject=programme, after={"record": reference})


# --- What must be true before a move --------------------------------------------------------------------------------


def _before_announcing(programme: Programme) -> Iterable[str]:
    for name, text in (
        ("title", _("Write a title first.")),
        ("summary", _("Say in one or two sentences what it is.")),
        ("about", _("Write what the programme is about.")),
    ):
        if not original(programme, name).strip():
            yield text
    if not programme.focus_areas.exists():
        yield _("Choose at least one focus area.")


def _neutral(programme: Programme) -> Iterable[str]:
    for flag in open_flags(programme):
        yield _(
            "“%(name)s” carries or pays for the programme and may gain from it as well: "
            "the neutrality officer has to write a note first."
        ) % {"name": flag.organisation.name}


def _before_opening(programme: Programme) -> Iterable[str]:
    calls = list(programme.calls.prefetch_related("criteria"))
    if not calls:
        yield _("Add a call first.")
    for call in calls:
        name = {"call": original(call, "title")}
        if sum(criterion.weight for criterion in call.criteria.all()) != 100:
            yield _("“%(call)s”: the weights of the criteria have to add up to 100.") % name
        if is_over(call.deadline, timezone.now()):
            yield _("“%(call)s”: the deadline has passed already.") % name
        if not original(call, "about").strip():
            yield _("“%(call)s”: write what you look for.") % name
    yield from _neutral(programme)


def _before_closing(programme: Programme) -> Iterable[str]:
    now = timezone.now()
    if any(not is_over(call.deadline, now) for call in programme.calls.all()):
        yield _("A deadline is still to come. What was promised to applicants holds.")


def _before_jury(programme: Programme) -> Iterable[str]:
    unread = Application.objects.filter(call__programme=programme, state=ApplicationState.SUBMITTED).count()
    if unread:
        text = ngettext(
            "%(count)s application is not checked yet.", "%(count)s applications are not checked yet.", unread
        )
        yield text % {"count": unread}
    for call in programme.calls.all():
        admitted = call.applications.filter(state=ApplicationState.ADMITTED).exists()
        if admitted and call.jurors.filter(is_active=True).count() < call.jurors_needed:
            yield _("“%(call)s”: ask more people to the jury; %(count)s scores are needed for each application.") % {
                "call": original(call, "title"), "count": call.jurors_needed,
            }  # fmt: skip
    yield from _neutral(programme)


def _before_results(programme: Programme) -> Iterable[str]:
    from portal.programmes.results import standings

    for call in programme.calls.all():
        rows, name = standings(call), {"call": original(call, "title")}
        short = [row for row in rows if len(row.result.by_juror) < call.jurors_needed]
        if short:
            numbers = ", ".join(str(row.application.number) for row in short)
            yield _("“%(call)s”: more scores are needed for number %(numbers)s.") % {**name, "numbers": numbers}
        if any(not row.application.verdict for row in rows):
            yield _("“%(call)s”: propose a verdict on every application.") % name
        if call.places is not None and sum(row.application.verdict == "accept" for row in rows) > call.places:
            yield _("“%(call)s”: more applications would be accepted than there are places.") % name
    yield from _neutral(programme)


def _before_running(programme: Programme) -> Iterable[str]:
    if programme.state == ProgrammeState.ANNOUNCED and programme.calls.exists():
        yield _("It has calls: open them and publish the results first.")


def _before_report(programme: Programme) -> Iterable[str]:
    if not original(programme, "report").strip():
        yield _("Write what came of it first.")
