"""Hold, resume, withdraw, close, reopen, renew: each asks once more and says what it means."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cities.actions import direct_demand
from cities.enums import DemandMove
from cities.forms.demands import CloseForm, MoveForm
from cities.models import Demand
from cities.rules import can_direct_demand
from cities.states import DEMAND
from portal.common.views import render_form

if TYPE_CHECKING:
    from portal.accounts.rules import Reader

# Question of the confirm page, what follows from it, and the word when it is done.
WORDS: dict[str, tuple[Any, list[Any], Any]] = {
    "hold": (
        _("Put this demand on hold?"),
        [_("It leaves the public list and gets no new matches."), _("You can take it up again at any time.")],
        _("The demand is on hold."),
    ),
    "resume": (
        _("Take this demand up again?"),
        [_("It returns to the public list."), _("The matcher looks for solutions again.")],
        _("The demand is open again."),
    ),
    "withdraw": (
        _("Withdraw this demand?"),
        [_("Nobody outside your organisation and ICLEI can read it any more."), _("You can reopen it as a draft.")],
        _("The demand is withdrawn."),
    ),
    "close": (
        _("Close this demand?"),
        [_("It stays in the public list, marked as closed, with its outcome."), _("This cannot be undone.")],
        _("The demand is closed. Thank you for saying how it ended."),
    ),
    "reopen": (
        _("Reopen this demand as a draft?"),
        [_("You can edit it and submit it to ICLEI again.")],
        _("The demand is a draft again."),
    ),
    "renew": (
        _("Publish this demand again?"),
        [_("It returns to the public list."), _("The matcher looks for solutions again.")],
        _("The demand is published again."),
    ),
}
DANGEROUS = ("withdraw", "close")


def offered_moves(user: "Reader", demand: Demand) -> list[DemandMove]:
    """The moves that the state allows and this reader may make."""
    if not can_direct_demand(user, demand):
        return []
    possible = {move.name for move in DEMAND.allowed(demand.state)}
    return [move for move in DemandMove if move.value in possible]


@login_required
def demand_move(request: HttpRequest, public_id: str, move: str) -> HttpResponse:
    demand = get_object_or_404(Demand.objects.visible_to(request.user).for_list(), public_id=public_id)
    if move not in DemandMove.values or not can_direct_demand(request.user, demand):
        raise Http404
    if request.method != "POST" and move not in offered_moves(request.user, demand):
        text = gettext("This is not possible now: the state is “%(state)s”.")
        messages.warning(request, text % {"state": demand.get_state_display()})
        return redirect(demand)
    form = (CloseForm if move == "close" else MoveForm)(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason, note = form.cleaned_data.get("reason", ""), form.cleaned_data["note"]
        direct_demand(by=request.user, demand=demand, move=move, reason=reason, note=note)
        messages.success(request, WORDS[move][2])
        return redirect(demand)
    return render_form(request, "cities/demand_move.html", form, _confirm(demand, DemandMove(move)))


def _confirm(demand: Demand, move: DemandMove) -> dict[str, Any]:
    question, consequences, _done = WORDS[move]
    return {
        "demand": demand,
        "question": question,
        "consequences": consequences,
        "action_label": move.label,
        "cancel_url": demand.get_absolute_url(),
        "is_dangerous": move in DANGEROUS,
    }
