"""What must be true before a programme may take its next step, as sentences that say what to do."""

from collections.abc import Callable, Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.common.translated import original
from portal.programmes.deadlines import is_over
from portal.programmes.enums import ApplicationState, DeclineReason, ProgrammeState, Verdict
from portal.programmes.models import Application, Call, Programme
from portal.programmes.neutrality import open_flags
from portal.programmes.results import Standing, standings


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
    for call in programme.calls.all():
        yield from _of_call(call, standings(call))
    yield from _neutral(programme)


def _of_call(call: Call, rows: list[Standing]) -> Iterable[str]:
    name = {"call": original(call, "title")}
    if short := [row for row in rows if len(row.result.by_juror) < call.jurors_needed]:
        yield _("“%(call)s”: more scores are needed for number %(numbers)s.") % {**name, "numbers": _numbers(short)}
    if any(not row.application.verdict for row in rows):
        yield _("“%(call)s”: propose a verdict on every application.") % name
    if call.places is not None and sum(row.application.verdict == Verdict.ACCEPT for row in rows) > call.places:
        yield _("“%(call)s”: more applications would be accepted than there are places.") % name
    if untrue := _untrue_reasons(rows):
        text = _(
            "“%(call)s”: an application with no more points is accepted, so number %(numbers)s needs another reason "
            "than that others scored higher."
        )
        yield text % {**name, "numbers": _numbers(untrue)}


def _untrue_reasons(rows: list[Standing]) -> list[Standing]:
    """Those told that others scored higher, beside somebody accepted who did not."""
    lowest = max((row.place or 0 for row in rows if row.application.verdict == Verdict.ACCEPT), default=0)
    declined = [row for row in rows if row.application.verdict == Verdict.DECLINE]
    scored = [row for row in declined if row.application.verdict_reason == DeclineReason.SCORE and row.place]
    return [row for row in scored if row.place <= lowest]


def _numbers(rows: list[Standing]) -> str:
    return ", ".join(str(row.application.number) for row in rows)


def _before_running(programme: Programme) -> Iterable[str]:
    if programme.state == ProgrammeState.ANNOUNCED and programme.calls.exists():
        yield _("It has calls: open them and publish the results first.")


def _before_report(programme: Programme) -> Iterable[str]:
    if not original(programme, "report").strip():
        yield _("Write what came of it first.")
