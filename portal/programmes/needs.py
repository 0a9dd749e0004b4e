"""What of programmes needs a reader now: drafts before a deadline, sheets to score, what waits for a manager."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from portal.accounts.models import User
from portal.common.cards import Need
from portal.common.languages import format_day
from portal.common.translated import shown
from portal.programmes.enums import ApplicationState, ProgrammeState
from portal.programmes.models import Application, Enquiry, Juror, Programme, Score
from portal.programmes.rules import is_manager, is_open

WAITING = (ProgrammeState.CLOSED, ProgrammeState.SCREENING)


def needs_of(user: User) -> dict[str, Any]:
    """``programme_needs`` for portal.mine."""
    return {"programme_needs": [*_drafts(user), *_juries(user), *(_of_manager() if is_manager(user) else ())]}


def _drafts(user: User) -> Iterator[Need]:
    """Applications begun and not submitted, while there is time."""
    if not user.organisation_ids:
        return
    mine = Application.objects.filter(organisation__in=user.organisation_ids, state=ApplicationState.DRAFT)
    now = timezone.now()
    for application in (
        mine.filter(call__programme__state=ProgrammeState.OPEN).with_records().order_by("call__deadline")
    ):
        if is_open(application.call, now):
            day = format_day(timezone.localtime(application.call.deadline).date(), get_language() or "en")
            text = gettext("Submit your application: %(title)s") % {"title": shown(application.call, "title").text}
            hint = gettext("Answer by %(day)s") % {"day": day}
            yield Need(text, application.get_absolute_url(), hint=hint)


def _juries(user: User) -> Iterator[Need]:
    """Juries at work on which this reader has not scored everything."""
    at_work = Juror.objects.filter(user=user, is_active=True, call__programme__state=ProgrammeState.JURY)
    for juror in at_work.select_related("call__programme").order_by("pk"):
        scored = Score.objects.filter(juror=juror, application=OuterRef("pk"))
        open_ones = juror.call.applications.filter(state=ApplicationState.ADMITTED).exclude(
            organisation__in=juror.conflicts.values("organisation")
        )
        if juror.declared_at is None or open_ones.exclude(Exists(scored)).exists():
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
        yield Need(text, reverse("programmes:workspace-detail", args=[programme.public_id]))
