"""Who judges, what they declare, what they give, and what becomes of it."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation, User
from portal.accounts.rules import is_tied
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import Conflict, DomainError, Incomplete, NotAllowed
from portal.common.ordering import by_name
from portal.common.translated import shown
from portal.jobs.actions import enqueue
from portal.programmes.enums import DeclineReason, Verdict
from portal.programmes.models import Application, Call, CohortMember, Juror, JurorConflict, Score
from portal.programmes.programme_actions import require_manager
from portal.programmes.results import standings
from portal.programmes.rules import can_judge, can_score, can_sit_on_jury, jury_is_at_work
from portal.programmes.states import APPLICATION, DECIDED, JUDGING

# Points that need a word: whoever gets them asks why.
LOW = 1


class Points(NamedTuple):
    points: int
    comment: str


@transaction.atomic
def ask_juror(*, by: User, call: Call, user: User) -> Juror:
    require_manager(by)
    if not can_sit_on_jury(user):
        raise DomainError(_("Only experts and moderators sit on a jury."), code="not_a_juror")
    if call.programme.state in DECIDED and not jury_is_at_work(call):
        raise Conflict(_("The results are published already."))
    juror, created = Juror.objects.get_or_create(call=call, user=user, defaults={"asked_by": by})
    if not (created or juror.is_active):
        juror.is_active = True
        juror.save(update_fields=["is_active"])
    record(by=by, action="call.ask_juror", subject=call, after={"user": user.pk})
    enqueue(kind="programmes.juror_asked", subject=f"juror:{juror.pk}")
    return juror


@transaction.atomic
def release_juror(*, by: User, juror: Juror, note: str = "") -> None:
    """By a manager, or by the juror who drops out. Their scores stay in the record and do not count any more."""
    is_own = juror.user_id == by.pk and juror.is_active
    if not is_own:
        require_manager(by)
    if juror.call.programme.state in DECIDED:
        raise Conflict(_("The results are published already."))
    juror.is_active = False
    juror.save(update_fields=["is_active"])
    action = "call.leave_jury" if is_own else "call.release_juror"
    record(by=by, action=action, subject=juror.call, after={"user": juror.user_id}, note=note.strip())
    kind = "juror_left" if is_own else "juror_released"
    enqueue(kind="programmes.juror_gone", subject=f"juror:{juror.pk}", payload={"kind": kind})


def applicants(call: Call) -> Iterable[Organisation]:
    """The names a juror looks through for ties, in alphabetical order: it tells who applied, not with what."""
    judged = call.applications.filter(state="admitted").values("organisation")
    return Organisation.objects.filter(pk__in=judged).order_by(*by_name())


@transaction.atomic
def declare_conflicts(*, by: User, juror: Juror, organisations: Iterable[Organisation], statement: str = "") -> Juror:
    """The conflict form: once signed, it can be added to and never taken back. What the portal knows is added to it."""
    if juror.user_id != by.pk or not juror.is_active:
        raise NotAllowed
    if not jury_is_at_work(juror.call):
        raise Conflict(_("The jury has not begun, or is over."))
    declared = {organisation.pk for organisation in organisations}
    for organisation in applicants(juror.call):
        if organisation.pk in declared or is_tied(by, organisation):
            JurorConflict.objects.get_or_create(
                juror=juror, organisation=organisation, defaults={"is_declared": organisation.pk in declared}
            )
    juror.declared_at, juror.statement = juror.declared_at or timezone.now(), statement.strip() or juror.statement
    juror.save(update_fields=["declared_at", "statement"])
    juror.__dict__.pop("conflicted", None)
    record(by=by, action="juror.declare", subject=juror, after={"organisations": sorted(declared)}, note=statement)
    return juror


@transaction.atomic
def give_points(*, by: User, juror: Juror, application: Application, points: Mapping[int, Points]) -> None:
    """One whole score sheet: criterion → points and comment. It may be changed until the jury is over."""
    if juror.user_id != by.pk or not can_score(juror, application):
        raise NotAllowed
    criteria = {criterion.pk: criterion for criterion in juror.call.criteria.all()}
    if set(points) != set(criteria):
        raise Incomplete(_("Give points on every criterion."))
    for pk, given in points.items():
        if not 0 <= given.points <= 5:
            raise DomainError(_("Points go from 0 to 5."), code="range")
        if given.points <= LOW and not given.comment.strip():
            raise Incomplete(
                _("“%(criterion)s”: say why it gets so few points. The applicant is told the reasons.")
                % {"criterion": shown(criteria[pk], "title").text}
            )
    for pk, given in points.items():
        Score.objects.update_or_create(
            juror=juror, application=application, criterion=criteria[pk],
            defaults={"points": given.points, "comment": given.comment.strip()},
        )  # fmt: skip
    values = {str(pk): given.points for pk, given in points.items()}
    record(by=by, action="application.score", subject=application, after={"juror": juror.pk, "points": values})


@transaction.atomic
def propose_verdict(
    *, by: User, application: Application, verdict: str, reason: str = "", note: str = ""
) -> Application:
    """What the results will say. It can be changed until they are published; the applicant reads reason and note."""
    require_manager(by)
    if not can_judge(by, application):
        raise NotAllowed(_("You are tied to this applicant, so a colleague has to decide."))
    row = (
        Application.objects.select_for_update(of=("self",), no_key=True)
        .select_related("call__programme")
        .get(pk=application.pk)
    )
    if row.call.programme.state not in JUDGING or row.state != "admitted":
        raise Conflict(_("Verdicts are proposed while the jury is at work, not now."))
    if verdict not in Verdict.values:
        raise NotAllowed
    if verdict == Verdict.DECLINE and (reason not in DeclineReason.values or not note.strip()):
        raise Incomplete(_("Choose a reason and say it in words: the applicant reads both."), ("note",))
    row.verdict, row.verdict_note = verdict, note.strip()
    row.verdict_reason = reason if verdict == Verdict.DECLINE else ""
    row.save(update_fields=["verdict", "verdict_reason", "verdict_note", "updated_at"])
    record(by=by, action="application.verdict", subject=row, after={"verdict": verdict, "reason": row.verdict_reason})
    return row


def settle_application(*, by: Any, application: Application) -> Application:
    """Its verdict becomes its state, with reason, words and score; in the transaction that publishes the results."""
    means = {row.application.pk: row.result.mean for row in standings(application.call)}
    changes: dict[str, Any] = {
        "reason": application.verdict_reason,
        "note": application.verdict_note,
        "score": means.get(application.pk),
    }
    moved = transition(
        application, application.verdict, table=APPLICATION, by=by, reason=application.verdict_reason, changes=changes
    )
    if application.verdict == Verdict.ACCEPT:
        CohortMember(application=moved).save(force_insert=True)
    return moved
