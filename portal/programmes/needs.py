"""What of programmes needs a reader now: drafts before a deadline, sheets to score, what waits for a manager."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from portal.accounts.models import User
from portal.common.cards import Need
from portal.common.keys import if_any
from portal.common.languages import format_day
from portal.common.translated import shown
from portal.programmes.enums import ApplicationState, ProgrammeState
from portal.programmes.labels import MOVES
from portal.programmes.models import Application, CohortFollowUp, Enquiry, Juror, Programme, Score
from portal.programmes.neutrality import open_flags
from portal.programmes.results import standings
from portal.programmes.rules import is_manager, is_officer, is_open
from portal.programmes.states import DECIDED, JUDGING

WAITING = (ProgrammeState.CLOSED, ProgrammeState.SCREENING)


def needs_of(user: User) -> dict[str, Any]:
    """``programme_needs`` for portal.mine."""
    needs = [*_drafts(user), *_asked(user), *_juries(user)]
    needs += _of_manager() if is_manager(user) else ()
    needs += _of_officer() if is_officer(user) else ()
    return {"programme_needs": needs}


def _drafts(user: User) -> Iterator[Need]:
    """Applications begun and not submitted, while there is time."""
    if not user.organisation_ids:
        return
    mine = Application.objects.filter(organisation__in=user.organisation_ids, state=ApplicationState.DRAFT)
    now = timezone.now()
    mine = mine.filter(call__programme__state=ProgrammeState.OPEN).with_records().order_by("call__deadline")
    for application in if_any(mine):
        if is_open(application.call, now):
            day = format_day(timezone.localtime(application.call.deadline).date(), get_language() or "en")
            text = gettext("Submit your application: %(title)s") % {"title": shown(application.call, "title").text}
            hint = gettext("Answer by %(day)s") % {"day": day}
            yield Need(text, application.get_absolute_url(), hint=hint)


def _asked(user: User) -> Iterator[Need]:
    """Follow-ups of programmes that were completed."""
    if not user.organisation_ids:
        return
    asked = CohortFollowUp.objects.filter(used="", member__application__organisation__in=user.organisation_ids)
    for one in if_any(asked.select_related("member__application__call__programme").order_by("asked_at", "pk")):
        application = one.member.application
        path = reverse("programmes:application-follow-up", args=[application.public_id, one.months])
        yield Need(gettext("How did it go on?"), path, hint=shown(application.call.programme, "title").text)


def _juries(user: User) -> Iterator[Need]:
    """Juries at work on which this reader has not scored everything."""
    at_work = Juror.objects.filter(user=user, is_active=True, call__programme__state__in=JUDGING)
    for juror in if_any(at_work.select_related("call__programme").order_by("pk")):
        scored = Score.objects.filter(juror=juror, application=OuterRef("pk"))
        open_ones = juror.call.applications.filter(state=ApplicationState.ADMITTED).exclude(
            organisation__in=juror.conflicts.values("organisation")
        )
        is_unsigned = juror.declared_at is None and juror.call.programme.state == ProgrammeState.JURY
        if is_unsigned or open_ones.exclude(Exists(scored)).exists():
            text = gettext("Judge applications: %(title)s") % {"title": shown(juror.call, "title").text}
            yield Need(text, reverse("programmes:jury-detail", args=[juror.call.public_id]))


def _of_manager() -> Iterator[Need]:
    asked = Enquiry.objects.filter(answer="").count()
    if asked:
        text = ngettext(
            "%(count)s question about a call waits for an answer",
            "%(count)s questions about calls wait for answers",
            asked,
        )
        yield Need(text % {"count": asked}, reverse("programmes:workspace-list"))
    for programme in Programme.objects.filter(state__in=WAITING).order_by("pk"):
        text = gettext("Check applications: %(title)s") % {"title": shown(programme, "title").text}
        yield Need(text, _desk(programme))
    due = Q(state=ProgrammeState.ANNOUNCED, calls__opens_at__lte=timezone.now())
    scored = Q(state=ProgrammeState.JURY)
    for programme in Programme.objects.filter(due | scored).distinct().order_by("pk"):
        if programme.state == ProgrammeState.ANNOUNCED or _is_scored(programme):
            move = "open" if programme.state == ProgrammeState.ANNOUNCED else "publish_results"
            yield Need(str(MOVES[move][0]), _desk(programme), hint=shown(programme, "title").text)


def _is_scored(programme: Programme) -> bool:
    """Whether the jury has done its part of every call."""
    calls = programme.calls.all()
    return all(len(row.result.by_juror) >= call.jurors_needed for call in calls for row in standings(call))


def _of_officer() -> Iterator[Need]:
    for programme in Programme.objects.exclude(state__in=DECIDED).filter(partners__isnull=False).distinct():
        if open_flags(programme):
            hint = shown(programme, "title").text
            yield Need(gettext("Write the neutrality note"), _desk(programme), hint=hint)


def _desk(programme: Programme) -> str:
    return reverse("programmes:workspace-detail", args=[programme.public_id])
