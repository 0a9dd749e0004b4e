"""The applicant's pages: begin, write until the deadline, submit, read what came of it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Solution
from cities.models import Demand
from portal.accounts.models import Organisation
from portal.common.drafts import signed_in_keeping_answers
from portal.common.views import turn_page
from portal.programmes.application_actions import (
    start_application,
    submit_application,
    withdraw_application,
    write_application,
)
from portal.programmes.cohort_actions import answer_follow_up, mark_reached, move_member
from portal.programmes.enums import CohortMemberState, DeclineReason, ScreeningReason, Side
from portal.programmes.forms.applications import AnswersForm, SubjectForm
from portal.programmes.forms.cohort import FollowUpForm, LeaveForm
from portal.programmes.models import Application, Call, CallQuestion, CohortFollowUp, CohortMember, Milestone
from portal.programmes.results import points_of
from portal.programmes.rules import (
    can_hand_in,
    can_write_application,
    is_decided,
    is_open,
    may_apply_for,
    reads_applications,
    state_for,
    told_state,
)
from portal.programmes.states import DECIDED
from portal.programmes.views.answering import form_page, is_done, said, sent
from portal.programmes.views.public import readable_call

REASONS = {**dict(ScreeningReason.choices), **dict(DeclineReason.choices)}


def own(request: HttpRequest, public_id: str) -> Application:
    """An application of the reader's organisation, or one that managers may read."""
    found: Application = get_object_or_404(
        Application.objects.visible_to(request.user).with_records(), public_id=public_id
    )
    return found


@login_required
@require_safe
def application_list(request: HttpRequest) -> HttpResponse:
    mine = Application.objects.filter(organisation__in=request.user.organisation_ids).with_records()
    page = turn_page(request, mine.order_by("-updated_at", "-pk"))
    for application in page:
        application.shown_state = told_state(application)
    return render(request, "programmes/application_list.html", {"page_obj": page, "open_calls": Call.objects.open()})


def _subjects(request: HttpRequest, call: Call) -> Any:
    """Published records of the reader's organisations that have not applied yet."""
    organisations = [m.organisation for m in request.user.active_memberships if may_apply_for(call, m.organisation)]
    taken = Application.objects.filter(call=call)
    if call.side == Side.DEMAND:
        mine = Demand.objects.live().filter(organisation__in=organisations)
        return mine.exclude(pk__in=taken.filter(demand__isnull=False).values("demand")).order_by("-pk")
    mine = Solution.objects.listed().filter(provider__organisation__in=organisations)
    return mine.exclude(pk__in=taken.filter(solution__isnull=False).values("solution")).order_by("-pk")


@signed_in_keeping_answers
def application_new(request: HttpRequest, public_id: str) -> HttpResponse:
    call = readable_call(request, public_id)
    subjects = _subjects(request, call)
    form = SubjectForm(call, subjects, sent(request))
    made: list[Application] = []

    def start() -> None:
        subject = form.cleaned_data["subject"]
        key = subject.organisation_id if call.side == Side.DEMAND else subject.provider.organisation_id
        organisation, language = Organisation.objects.get(pk=key), get_language() or "en"
        made.append(
            start_application(by=request.user, call=call, organisation=organisation, subject=subject, language=language)
        )

    if is_done(request, form, start):
        return redirect("programmes:application-edit", made[0].public_id)
    back = (str(call), reverse("programmes:call-detail", args=[call.public_id]))
    more = {"action": gettext("Continue"), "none": not subjects.exists(), "call": call}
    return form_page(
        request, form, pgettext("call", "Apply"), back, include="programmes/_nothing_to_apply_with.html", **more
    )


@login_required
@require_safe
def application_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    application = own(request, public_id)
    call, now = application.call, timezone.now()
    is_mine = application.organisation_id in request.user.organisation_ids
    state = state_for(request.user, application)
    member = CohortMember.objects.filter(application=application).first()
    open_now = is_open(call, now)
    context = {
        "application": application,
        "call": call,
        "state": state,
        "answers": answers_of(application),
        "reason": REASONS.get(application.reason, "") if state == application.state else "",
        "is_open": open_now,
        "can_write": open_now and can_write_application(request.user, application),
        "can_submit": open_now and can_hand_in(request.user, application) and state in ("draft", "withdrawn"),
        "can_withdraw": can_hand_in(request.user, application)
        and state in ("draft", "submitted", "admitted")
        and call.programme.state not in DECIDED,
        "reads_all": reads_applications(request.user),
        "member": member,
        "milestones": _milestones(application, member),
        "points": points_of(application) if is_decided(application) else [],
        "follow_ups": member.follow_ups.all() if member is not None else [],
        "can_leave": member is not None
        and member.state == CohortMemberState.ACTIVE
        and can_hand_in(request.user, application),
        "is_mine": is_mine,
    }
    return render(request, "programmes/application_detail.html", context)


def answers_of(application: Application) -> list[tuple[CallQuestion, str]]:
    questions = application.call.questions.select_related("call__programme")
    return [(question, application.answers.get(str(question.pk), "")) for question in questions]


def _milestones(application: Application, member: CohortMember | None) -> list[tuple[Milestone, bool]]:
    if member is None:
        return []
    reached = set(member.reached.values_list("milestone_id", flat=True))
    milestones = application.call.programme.milestones.select_related("programme")
    return [(milestone, milestone.pk in reached) for milestone in milestones]


@signed_in_keeping_answers
def application_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    application = own(request, public_id)
    if not can_write_application(request.user, application):
        raise Http404
    form = AnswersForm(application, sent(request))

    def write() -> None:
        found = form.cleaned_data
        write_application(
            by=request.user, application=application, answers=form.answers, language=found["language"],
            version=found["version"],
        )  # fmt: skip

    if is_done(request, form, write):
        said(request, gettext("Your answers are saved."))
        return redirect(application)
    back = (gettext("Your application"), application.get_absolute_url())
    more = {"action": gettext("Save"), "call": application.call, "include": "programmes/_deadline.html"}
    return form_page(request, form, gettext("Your answers"), back, **more)


@login_required
@require_POST
def application_move(request: HttpRequest, public_id: str) -> HttpResponse:
    application = own(request, public_id)
    if not can_hand_in(request.user, application):
        raise Http404
    if request.POST.get("move") == "withdraw":
        withdraw_application(by=request.user, application=application)
        said(request, gettext("Your application is withdrawn."))
    else:
        submit_application(by=request.user, application=application)
        said(request, gettext("Your application is in. You can change it until the deadline."))
    return redirect(application)


@login_required
@require_POST
def milestone_tick(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    application = own(request, public_id)
    member = get_object_or_404(CohortMember, application=application)
    milestone = get_object_or_404(Milestone, pk=pk, programme=application.call.programme)
    mark_reached(by=request.user, member=member, milestone=milestone, is_reached=request.POST.get("reached") == "yes")
    return redirect(application)


@signed_in_keeping_answers
def application_leave(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whoever takes part leaves the programme early."""
    application = own(request, public_id)
    member = get_object_or_404(CohortMember.objects.select_related("application"), application=application)
    if not can_hand_in(request.user, application):
        raise Http404
    form = LeaveForm(sent(request))
    if is_done(request, form, lambda: move_member(by=request.user, member=member, move="leave", **form.cleaned_data)):
        return redirect(application)
    title = gettext("%(name)s leaves the programme") % {"name": application.organisation}
    back = (gettext("Your application"), application.get_absolute_url())
    return form_page(request, form, title, back, action=gettext("Save"))


@signed_in_keeping_answers
def application_follow_up(request: HttpRequest, public_id: str, months: int) -> HttpResponse:
    application = own(request, public_id)
    asked = get_object_or_404(CohortFollowUp, member__application=application, months=months, used="")
    if application.organisation_id not in request.user.organisation_ids:
        raise Http404
    form = FollowUpForm(sent(request))
    if is_done(request, form, lambda: answer_follow_up(by=request.user, follow_up=asked, **form.cleaned_data)):
        said(request, gettext("Thank you. Your answer is with ICLEI."))
        return redirect(application)
    back = (gettext("Your application"), application.get_absolute_url())
    lead = gettext("ICLEI counts the answers in its reports; your words are not published.")
    return form_page(request, form, gettext("How did it go on?"), back, action=pgettext("button", "Send"), lead=lead)
