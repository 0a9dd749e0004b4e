"""Once a year: is everything on this page still true?"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext

from catalog.confirmations.forms import RenewalForm
from catalog.listing_actions import renew_solution
from catalog.models import Solution
from catalog.rules import can_archive_solution, can_renew_solution
from portal.common.drafts import forget_answers, kept_answers, signed_in_keeping_answers
from portal.common.views import render_form


@signed_in_keeping_answers
def solution_renew(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything the solution states, each with a box to tick; what is not true any more leads to a new version."""
    solution = get_object_or_404(Solution.objects.visible_to(request.user).for_detail(), public_id=public_id)
    if not can_archive_solution(request.user, solution):
        raise Http404
    if not can_renew_solution(request.user, solution):
        text = gettext("This is not possible now: the state is “%(state)s”.")
        messages.warning(request, text % {"state": solution.get_state_display()})
        return redirect(solution)
    data = request.POST if request.method == "POST" else kept_answers(request)
    form = RenewalForm(solution, data)
    if request.method == "POST" and form.is_valid():
        renew_solution(
            by=request.user, solution=solution, expires_on=form.cleaned_data["expires_on"],
            ticked=[held.code for held in form.held],
        )  # fmt: skip
        forget_answers(request)
        messages.success(request, gettext("Thank you. Cities see until when it holds."))
        return redirect(solution)
    return render_form(request, "confirmations/solution_renew.html", form, {"solution": solution})
