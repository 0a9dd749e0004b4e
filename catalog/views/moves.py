"""Archive and restore: each asks once more and says what it means. Renewing has a page of its own."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.enums import SolutionMove
from catalog.listing_actions import archive_solution, restore_solution
from catalog.models import Solution
from catalog.rules import can_archive_solution, can_renew_solution
from catalog.states import SOLUTION
from portal.common.forms import BaseForm
from portal.common.views import render_form

if TYPE_CHECKING:
    from portal.accounts.rules import Reader

# Question of the confirm page, what follows from it, and the word when it is done.
WORDS: dict[str, tuple[Any, list[Any], Any]] = {
    "archive": (
        _("Archive this solution?"),
        [
            _("It leaves the catalogue and is matched with no demand any more."),
            _("Introductions under way go on."),
            _("You can restore it as a draft."),
        ],
        _("The solution is archived."),
    ),
    "restore": (
        _("Restore this solution as a draft?"),
        [_("You can edit it and submit it to ICLEI again.")],
        _("The solution is a draft again."),
    ),
}
DANGEROUS = ("archive",)


def offered_moves(user: "Reader", solution: Solution) -> list[SolutionMove]:
    """The moves that the state allows and this reader may make."""
    if not can_archive_solution(user, solution):
        return []
    possible = {move.name for move in SOLUTION.allowed(solution.state)}
    if can_renew_solution(user, solution):
        possible.add(SolutionMove.RENEW.value)
    return [move for move in SolutionMove if move.value in possible]


@login_required
def solution_move(request: HttpRequest, public_id: str, move: str) -> HttpResponse:
    readable = Solution.objects.visible_to(request.user).for_list()
    solution = get_object_or_404(readable, public_id=public_id)
    if move not in SolutionMove.values or not can_archive_solution(request.user, solution):
        raise Http404
    if move == SolutionMove.RENEW:
        return redirect("confirmations:solution-renew", public_id)
    if request.method != "POST" and move not in offered_moves(request.user, solution):
        text = gettext("This is not possible now: the state is “%(state)s”.")
        messages.warning(request, text % {"state": solution.get_state_display()})
        return redirect(solution)
    form = BaseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        _move(request, solution, move, form.cleaned_data)
        messages.success(request, WORDS[move][2])
        return redirect(solution)
    return render_form(request, "catalog/solution_move.html", form, _confirm(solution, SolutionMove(move)))


def _move(request: HttpRequest, solution: Solution, move: str, answers: dict[str, Any]) -> None:
    actions = {"archive": archive_solution, "restore": restore_solution}
    actions[move](by=request.user, solution=solution, **answers)


def _confirm(solution: Solution, move: SolutionMove) -> dict[str, Any]:
    question, consequences, _done = WORDS[move]
    return {
        "solution": solution,
        "question": question,
        "consequences": consequences,
        "action_label": move.label,
        "cancel_url": solution.get_absolute_url(),
        "is_dangerous": move in DANGEROUS,
    }
