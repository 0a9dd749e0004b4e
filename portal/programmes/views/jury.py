"""The juror's pages: first the conflict form, then applications without names, one sheet each."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_safe

from portal.common.drafts import signed_in_keeping_answers
from portal.programmes.blinding import blind, order_for
from portal.programmes.enums import ApplicationState
from portal.programmes.forms.judging import ConflictForm, ScoreForm
from portal.programmes.forms.programmes import NoteForm
from portal.programmes.jury_actions import Points, applicants, declare_conflicts, give_points, release_juror
from portal.programmes.models import Application, Juror, Score
from portal.programmes.results import criteria_of
from portal.programmes.rules import can_score, jury_is_at_work
from portal.programmes.states import DECIDED
from portal.programmes.views.answering import form_page, is_done, said, sent


def _juror(request: HttpRequest, public_id: str) -> Juror:
    jurors = Juror.objects.filter(user=request.user, is_active=True).select_related("call__programme", "user")
    found: Juror = get_object_or_404(jurors, call__public_id=public_id)
    return found


def readable_by(juror: Juror) -> list[Application]:
    """Those the juror may judge; none before the conflict form."""
    admitted = juror.call.applications.filter(state=ApplicationState.ADMITTED).with_records()
    return order_for(juror, [application for application in admitted if can_score(juror, application)])


@login_required
@require_safe
def jury_list(request: HttpRequest) -> HttpResponse:
    juries = Juror.objects.filter(user=request.user, is_active=True).select_related("call__programme")
    return render(request, "programmes/jury_list.html", {"juries": juries.order_by("-asked_at", "-pk")})


@login_required
@require_safe
def jury_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    juror = _juror(request, public_id)
    call, at_work = juror.call, jury_is_at_work(juror.call)
    if at_work and juror.declared_at is None:
        return redirect("programmes:jury-conflicts", call.public_id)
    applications = readable_by(juror) if at_work else []
    scored = set(juror.scores.values_list("application_id", flat=True))
    rows = [(application, application.pk in scored) for application in applications]
    left = sum(not done for _application, done in rows)
    context = {"call": call, "juror": juror, "rows": rows, "at_work": at_work, "left": left}
    context |= {"criteria": criteria_of(call), "can_leave": call.programme.state not in DECIDED}
    return render(request, "programmes/jury_detail.html", context)


@signed_in_keeping_answers
def jury_leave(request: HttpRequest, public_id: str) -> HttpResponse:
    juror = _juror(request, public_id)
    form = NoteForm(sent(request))
    note = form.cleaned_data["note"] if form.is_valid() else ""
    if is_done(request, form, lambda: release_juror(by=request.user, juror=juror, note=note)):
        said(request, gettext("You have left the jury. The programme managers are told."))
        return redirect("programmes:jury-list")
    back = (str(juror.call), reverse("programmes:jury-detail", args=[juror.call.public_id]))
    lead = gettext("Your points stay in the record and do not count any more.")
    return form_page(request, form, gettext("Leave the jury"), back, action=gettext("Leave the jury"), lead=lead)


@signed_in_keeping_answers
def jury_conflicts(request: HttpRequest, public_id: str) -> HttpResponse:
    juror = _juror(request, public_id)
    if not jury_is_at_work(juror.call):
        raise Http404
    form = ConflictForm(applicants(juror.call), sent(request))

    def declare() -> None:
        found = form.cleaned_data
        declare_conflicts(
            by=request.user, juror=juror, organisations=found["organisations"], statement=found["statement"]
        )

    if is_done(request, form, declare):
        said(request, gettext("Thank you. You see the applications that you may judge."))
        return redirect("programmes:jury-detail", juror.call.public_id)
    back = (gettext("Juries"), reverse("programmes:jury-list"))
    lead = gettext("These organisations have applied. What they applied with, you see without their names afterwards.")
    return form_page(
        request, form, gettext("Declare your ties first"), back, action=pgettext("button", "Sign"), lead=lead
    )


@signed_in_keeping_answers
def jury_score(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    juror = _juror(request, public_id)
    found = juror.call.applications.filter(number=number).with_records().first()
    if found is None or not can_score(juror, found):
        raise Http404
    given = {score.criterion_id: score for score in Score.objects.filter(juror=juror, application=found)}
    form = ScoreForm(criteria_of(juror.call), given, sent(request))

    def give() -> None:
        sheet = {key: Points(*row) for key, row in form.points().items()}
        give_points(by=request.user, juror=juror, application=found, points=sheet)

    if is_done(request, form, give):
        said(request, gettext("Your points are saved. You can change them until the jury is over."))
        return redirect("programmes:jury-detail", juror.call.public_id)
    back = (str(juror.call), reverse("programmes:jury-detail", args=[juror.call.public_id]))
    title = gettext("Application %(number)s") % {"number": number}
    more = {"action": gettext("Save points"), "blind": blind(found), "include": "programmes/_blind.html"}
    return form_page(request, form, title, back, **more)
