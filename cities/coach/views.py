"""Joining forces: beginning a pool, asking other cities, and each city's own answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from cities.coach.forms import InviteForm, PoolNewForm
from cities.coach.models import Pool, PoolMember
from cities.coach.pool_actions import begin_pool, decline_pool, invite_to_pool, join_pool, leave_pool
from cities.coach.rules import can_begin_pool, can_decide_membership, can_invite_to_pool, can_read_invitation
from cities.models import Demand
from cities.rules import can_edit_demand
from portal.common.drafts import signed_in_keeping_answers
from portal.common.errors import DomainError
from portal.common.views import render_form

MOVES = {"join": join_pool, "decline": decline_pool, "leave": leave_pool}


@signed_in_keeping_answers
def pool_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Says what a pool means, then begins one."""
    own = Demand.objects.visible_to(request.user).of_organisations(request.user.organisation_ids)
    demand = get_object_or_404(own, public_id=public_id)
    if not can_begin_pool(request.user, demand):
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = PoolNewForm(sent, initial={"partner": request.GET.get("with", "")[:12]})
    if sent is not None and form.is_valid():
        pool = begin_pool(by=request.user, demand=demand)
        if partner := form.partner_demand():
            invite_to_pool(by=request.user, pool=pool, demand=partner)
        messages.success(request, gettext("The pool is begun. Ask other cities, and complete the demand together."))
        return redirect("pools:pool-detail", pool.public_id)
    return render_form(request, "coach/pool_new.html", form, {"demand": demand})


def _pool(request: HttpRequest, public_id: str) -> Pool:
    readable = Pool.objects.visible_to(request.user).select_related("demand__organisation", "demand__city")
    pool: Pool = get_object_or_404(readable, public_id=public_id)
    return pool


@login_required
@require_safe
def pool_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    return _page(request, _pool(request, public_id), None)


def _page(request: HttpRequest, pool: Pool, form: InviteForm | None) -> HttpResponse:
    members = pool.members.select_related("demand__organisation", "demand__city", "pool__demand")
    user = request.user
    rows = [(one, can_decide_membership(user, one), can_read_invitation(user, one)) for one in members]
    context = {"pool": pool, "rows": rows, "may_invite": can_invite_to_pool(request.user, pool)}
    context["can_edit"] = can_edit_demand(request.user, pool.demand)
    return render_form(request, "coach/pool_detail.html", form or InviteForm(), context)


@login_required
@require_POST
def pool_invite(request: HttpRequest, public_id: str) -> HttpResponse:
    pool = _pool(request, public_id)
    if not can_invite_to_pool(request.user, pool):
        raise Http404
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            invite_to_pool(by=request.user, pool=pool, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("demand", refusal.message)
        else:
            messages.success(request, gettext("The city is asked. You are told when it answers."))
            return redirect("pools:pool-detail", public_id)
    return _page(request, pool, form)


@login_required
@require_POST
def member_decide(request: HttpRequest, public_id: str, pk: int, move: str) -> HttpResponse:
    """Joining, declining or leaving, by whoever speaks for the city."""
    pool = _pool(request, public_id)
    member = get_object_or_404(PoolMember.objects.select_related("demand", "pool"), pool=pool, pk=pk)
    if move not in MOVES or not can_decide_membership(request.user, member):
        raise Http404
    done = {
        "join": gettext("Your city takes part. Your own demand is continued in the pooled one once that is public."),
        "decline": gettext("Declined. Your own demand stays as it is."),
        "leave": gettext("Your city goes its own way again. Your own demand is public as before."),
    }
    try:
        MOVES[move](by=request.user, member=member)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done[move])
    return redirect("pools:pool-detail", public_id)
