"""The directory of experts, and advice from the question to the answer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.models import Demand
from matching.experts import actions
from matching.experts.forms import (
    AnswerForm,
    AskForm,
    DeclineForm,
    DirectoryFilter,
    ExpertForm,
    InviteExpertForm,
    JoinForm,
)
from matching.experts.models import Advice, Expert, ExpertInvitation
from matching.experts.rules import can_answer_advice, can_ask, can_invite_experts, can_withdraw_advice, is_tied_expert
from matching.experts.states import OPEN
from matching.models import Match
from matching.views.access import moderators_only
from portal.accounts.rules import is_moderator
from portal.common.errors import Conflict, DomainError, Incomplete
from portal.common.ordering import by_name
from portal.common.views import render_form, turn_page


@require_safe
def expert_list(request: HttpRequest) -> HttpResponse:
    """Who agreed to be shown; moderators see the others, too."""
    form = DirectoryFilter(request.GET)
    form.is_valid()
    moderates = is_moderator(request.user)
    found = (Expert.objects.active() if moderates else Expert.objects.public()).with_workload()
    found = form.apply(found, timezone.localdate())
    page = turn_page(request, found.select_related("user").prefetch_related("topics").order_by(*by_name("user__name")))
    context = {"page_obj": page, "form": form, "can_invite": can_invite_experts(request.user), "moderates": moderates}
    if moderates:
        context["invited"] = ExpertInvitation.objects.filter(accepted_at=None).order_by("-updated_at")[:20]
    return render(request, "experts/list.html", context)


@require_safe
def expert_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    found = Expert.objects.visible_to(request.user).with_workload().select_related("user", "employer")
    expert = get_object_or_404(found.prefetch_related("topics"), public_id=public_id)
    is_own = expert.user_id == request.user.pk
    can_remove = can_invite_experts(request.user) and expert.left_at is None and not is_own
    return render(request, "experts/detail.html", {"expert": expert, "is_own": is_own, "can_remove": can_remove})


@moderators_only
@require_POST
def expert_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """A moderator ends somebody's part: the address is wrong, or the person has changed their work."""
    expert = get_object_or_404(Expert.objects.active(), public_id=public_id)
    actions.leave_experts(by=request.user, expert=expert)
    messages.success(request, _("Done."))
    return redirect("matching:expert-list")


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def expert_invite(request: HttpRequest) -> HttpResponse:
    form = InviteExpertForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite_expert(by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("email", error.message)
        else:
            messages.success(request, _("Invited: %(name)s") % {"name": form.cleaned_data["name"]})
            return redirect("matching:expert-list")
    return render_form(request, "experts/invite.html", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def expert_join(request: HttpRequest, token: str) -> HttpResponse:
    invitation = actions.invitation_of(token)
    if invitation is None:
        raise Http404
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.join_as_expert(by=request.user, invitation=invitation, **form.cleaned_data)
        messages.success(request, _("Welcome. Say now what you can be asked about."))
        return redirect("matching:expert-edit")
    fits = request.user.email.lower() == invitation.email.lower()
    return render_form(request, "experts/join.html", form, {"invitation": invitation, "fits": fits})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def expert_edit(request: HttpRequest) -> HttpResponse:
    expert = get_object_or_404(Expert.objects.active().select_related("employer"), user=request.user)
    if request.method == "POST" and "leave" in request.POST:
        actions.leave_experts(by=request.user, expert=expert)
        messages.success(request, _("You are not an expert here any more. Thank you."))
        return redirect("home-mine")
    form = ExpertForm(request.POST or None, expert=expert)
    if request.method == "POST" and form.is_valid():
        other = {name: form.cleaned_data[name] for name in ("topics", "consent")}
        actions.edit_expert(by=request.user, expert=expert, changes=form.facts, **other)
        messages.success(request, _("Saved."))
        return redirect(expert.get_absolute_url())
    return render_form(request, "experts/edit.html", form, {"expert": expert})


# --- Advice ----------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def advice_list(request: HttpRequest) -> HttpResponse:
    """What one was asked, what one asked, and everything for ICLEI's readers."""
    found = Advice.objects.visible_to(request.user).with_records().order_by("due_on", "pk")
    open_ones = found.filter(state__in=OPEN)
    page = turn_page(request, found.exclude(state__in=OPEN).order_by("-state_since"))
    expert = Expert.objects.active().filter(user=request.user).first()
    return render(request, "experts/advice_list.html", {"open": open_ones[:50], "page_obj": page, "expert": expert})


def _about(request: HttpRequest, kind: str, public_id: str) -> tuple[Demand | None, Match | None]:
    """The demand or match that is asked about, for those who may ask."""
    demand = match = None
    if kind == "demand":
        found = Demand.objects.visible_to(request.user).select_related("organisation", "city")
        demand = get_object_or_404(found, public_id=public_id)
    elif kind == "match":
        match = get_object_or_404(Match.objects.visible_to(request.user).with_records(), public_id=public_id)
    if (demand is None and match is None) or not can_ask(request.user, demand, match):
        raise Http404
    return demand, match


@login_required
@require_safe
def advice_choose(request: HttpRequest, kind: str, public_id: str) -> HttpResponse:
    """Experts who fit the demand's topics first; who is tied to a party is not there at all."""
    demand, match = _about(request, kind, public_id)
    about: Any = demand or match.demand  # type: ignore[union-attr]
    concerned, topics = actions.parties(demand, match), set(about.topics.values_list("pk", flat=True))
    experts = Expert.objects.active() if is_moderator(request.user) else Expert.objects.public()
    rows = experts.with_workload().select_related("user").prefetch_related("topics").order_by(*by_name("user__name"))
    fit = [expert for expert in rows if not is_tied_expert(expert, concerned) and expert.user_id != request.user.pk]
    for expert in fit:
        expert.shared = [topic for topic in expert.topics.all() if topic.pk in topics]
        expert.is_free = not expert.is_paused and expert.open_requests < expert.most_requests
    fit.sort(key=lambda expert: (not expert.is_free, -len(expert.shared)))
    return render(request, "experts/choose.html", {"experts": fit, "kind": kind, "record": demand or match})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def advice_ask(request: HttpRequest, kind: str, public_id: str, expert_id: str) -> HttpResponse:
    demand, match = _about(request, kind, public_id)
    expert = get_object_or_404(Expert.objects.visible_to(request.user).select_related("user"), public_id=expert_id)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            advice = actions.ask_for_advice(
                by=request.user, expert=expert, demand=demand, match=match, **form.cleaned_data
            )  # fmt: skip
        except Incomplete as error:
            form.add_error(error.missing[0], error.message)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Asked. You are told when the answer is there."))
            return redirect(advice.get_absolute_url())
    context = {"expert": expert, "kind": kind, "record": demand or match}
    return render_form(request, "experts/ask.html", form, context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def advice_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    found = Advice.objects.visible_to(request.user).with_records()
    advice = get_object_or_404(found, public_id=public_id)
    sent = request.POST.get("do")
    answer = AnswerForm(request.POST if sent == "answer" else None, prefix="answer")
    decline = DeclineForm(request.POST if sent == "decline" else None, prefix="decline")
    if request.method == "POST" and _act(request, advice, answer, decline):
        return redirect(advice.get_absolute_url())
    concerned = actions.parties(advice.demand, advice.match)
    context = {
        "advice": advice, "about": advice.demand or advice.match, "answer_form": answer, "decline_form": decline,
        "may_answer": can_answer_advice(request.user, advice), "is_tied": is_tied_expert(advice.expert, concerned),
        "may_withdraw": can_withdraw_advice(request.user, advice) and advice.state in OPEN,
    }  # fmt: skip
    return render_form(request, "experts/advice.html", [answer, decline], context)


def _act(request: HttpRequest, advice: Advice, answer: AnswerForm, decline: DeclineForm) -> bool:
    """Whether what was sent is done."""
    values, sent = {"by": request.user, "advice": advice}, request.POST.get("do")
    if sent == "accept":
        actions.accept_advice(**values)
    elif sent == "withdraw":
        actions.withdraw_advice(**values)
    elif sent == "decline" and decline.is_valid():
        actions.decline_advice(**values, **decline.cleaned_data)
    elif sent == "answer" and answer.is_valid():
        try:
            actions.answer_advice(**values, **answer.cleaned_data)
        except Incomplete as error:
            answer.add_error(error.missing[0], error.message)
            return False
        except Conflict as error:
            answer.add_error(None, error.message)
            return False
    else:
        return False
    messages.success(request, _("Done."))
    return True
