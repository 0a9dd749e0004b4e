"""The manager's pages of judging: the check, the jury, the standings and the verdicts."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.rules import is_tied
from portal.common.drafts import signed_in_keeping_answers
from portal.programmes.application_actions import screen_application
from portal.programmes.enums import ApplicationState, ProgrammeState
from portal.programmes.forms.judging import JurorForm, ScreeningForm, VerdictForm
from portal.programmes.forms.programmes import NoteForm
from portal.programmes.jury_actions import ask_juror, propose_verdict, release_juror
from portal.programmes.models import Application, Call, Juror
from portal.programmes.reopening_actions import reopen_application, settle_reopened
from portal.programmes.results import standings
from portal.programmes.rules import is_manager, reads_workspace
from portal.programmes.states import APPLICATION, DECIDED, JUDGING
from portal.programmes.views.answering import form_page, is_done, only, said, sent
from portal.programmes.views.applications import answers_of
from portal.programmes.views.calls import managed_call
from portal.programmes.views.workspace import desk


@login_required
@require_safe
def judging(request: HttpRequest, public_id: str) -> HttpResponse:
    """All applications to a call that were handed in, with what each stage knows of them."""
    only(reads_workspace, request.user)
    call = get_object_or_404(Call.objects.select_related("programme"), public_id=public_id)
    ranked = {row.application.pk: row for row in standings(call)}
    found = call.applications.handed_in().with_records().order_by("number")
    rows = [(application, ranked.get(application.pk), _step(application)) for application in found]
    rows.sort(key=lambda row: (row[1] is None or row[1].place is None, row[1].place if row[1] else 0))
    jurors = call.jurors.filter(is_active=True).select_related("user").prefetch_related("conflicts__organisation")
    context = {
        "call": call, "rows": rows, "jurors": jurors, "back": desk(call.programme),
        "is_manager": is_manager(request.user),
    }  # fmt: skip
    return render(request, "programmes/workspace_judging.html", context)


def _step(application: Application) -> str:
    """What a manager can do on it now: check, verdict, settle, reopen, or nothing."""
    state, stage = application.state, application.call.programme.state
    if stage == ProgrammeState.SCREENING:
        return "check"
    if stage not in JUDGING:
        return ""
    if state == ApplicationState.ADMITTED:
        return "settle" if stage in DECIDED and application.verdict else "verdict"
    return "reopen" if state in APPLICATION.moves["reopen"].sources else ""


def _application(request: HttpRequest, public_id: str) -> Application:
    only(is_manager, request.user)
    found: Application = get_object_or_404(
        Application.objects.visible_to(request.user).handed_in().with_records(), public_id=public_id
    )
    return found


def _back(application: Application) -> tuple[str, str]:
    return str(application.call), reverse("programmes:workspace-judging", args=[application.call.public_id])


@signed_in_keeping_answers
def application_screen(request: HttpRequest, public_id: str) -> HttpResponse:
    application = _application(request, public_id)
    form = ScreeningForm(sent(request))

    def screen() -> None:
        found = form.cleaned_data
        if application.state != ApplicationState.SUBMITTED:
            screen_application(by=request.user, application=application, move="check_again")
            application.refresh_from_db()
        screen_application(
            by=request.user, application=application, move=found["move"], reason=found["reason"], note=found["note"]
        )

    if is_done(request, form, screen):
        said(request, gettext("Noted. The applicant learns it when the jury begins, with all others."))
        return redirect(_back(application)[1])
    return _about(request, form, application, pgettext("application", "Check"))


@signed_in_keeping_answers
def application_verdict(request: HttpRequest, public_id: str) -> HttpResponse:
    application = _application(request, public_id)
    names = {"verdict": "verdict", "reason": "verdict_reason", "note": "verdict_note"}
    form = VerdictForm(sent(request), initial={key: getattr(application, name) for key, name in names.items()})

    def propose() -> None:
        propose_verdict(by=request.user, application=application, **form.cleaned_data)

    if is_done(request, form, propose):
        said(request, gettext("Noted. It becomes known with all others when you publish the results."))
        return redirect(_back(application)[1])
    return _about(request, form, application, gettext("Verdict"))


@signed_in_keeping_answers
def application_reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """After a complaint that was upheld."""
    application = _application(request, public_id)
    form = NoteForm(sent(request))

    def reopen() -> None:
        reopen_application(by=request.user, application=application, note=form.cleaned_data["note"])

    if is_done(request, form, reopen):
        said(request, gettext("The decision is open again; the applicant is told."))
        return redirect(_back(application)[1])
    return _about(request, form, application, gettext("Reopen the decision"))


@login_required
@require_POST
def application_settle(request: HttpRequest, public_id: str) -> HttpResponse:
    application = _application(request, public_id)
    settle_reopened(by=request.user, application=application)
    said(request, gettext("The new decision is published; the applicant is told."))
    return redirect(_back(application)[1])


def _about(request: HttpRequest, form: object, application: Application, title: str) -> HttpResponse:
    result = next((row.result for row in standings(application.call) if row.application.pk == application.pk), None)
    more = {
        "application": application,
        "answers": answers_of(application),
        "result": result,
        "scores": application.scores.filter(juror__is_active=True).select_related(
            "criterion__call__programme", "juror__user"
        ),
        "is_tied": is_tied(request.user, application.organisation_id),
        "include": "programmes/_application_body.html",
        "action": gettext("Save"),
    }
    return form_page(request, form, title, _back(application), **more)  # type: ignore[arg-type]


@signed_in_keeping_answers
def juror_add(request: HttpRequest, public_id: str) -> HttpResponse:
    call = managed_call(request, public_id)
    form = JurorForm(call, sent(request))
    if is_done(request, form, lambda: ask_juror(by=request.user, call=call, user=form.cleaned_data["user"])):
        said(request, gettext("The person is asked by mail."))
        return redirect("programmes:workspace-judging", call.public_id)
    back = (str(call), reverse("programmes:workspace-judging", args=[call.public_id]))
    return form_page(request, form, gettext("Ask somebody to the jury"), back, action=pgettext("button", "Ask"))


@login_required
@require_POST
def juror_release(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    call = managed_call(request, public_id)
    release_juror(by=request.user, juror=get_object_or_404(Juror, pk=pk, call=call))
    return redirect("programmes:workspace-judging", call.public_id)
