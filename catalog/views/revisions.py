"""Beginning the next version of a listed solution, and throwing it away."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from catalog.rules import can_discard_revision, can_edit_solution, can_revise_solution
from catalog.views.editing import own_solution
from catalog.writing_actions import begin_revision, discard_revision
from portal.common.drafts import signed_in_keeping_answers


@signed_in_keeping_answers
def solution_revise(request: HttpRequest, public_id: str) -> HttpResponse:
    """Says what a new version means; one already begun is opened at once."""
    solution = own_solution(request, public_id)
    if not can_revise_solution(request.user, solution):
        return redirect("catalog:solution-edit", public_id)
    draft = getattr(solution, "revision", None)
    if request.method == "POST":
        draft = begin_revision(by=request.user, solution=solution)
    if draft is not None:
        is_open = can_edit_solution(request.user, draft)
        return redirect("catalog:solution-edit" if is_open else "catalog:solution-detail", draft.public_id)
    context = {
        "solution": solution,
        "question": gettext("Write a new version of this solution?"),
        "consequences": [
            gettext("The new version begins as a copy. Change what you like; you can stop at any time."),
            gettext("Cities go on seeing what is listed now, until ICLEI has approved the new version."),
            gettext("If you only want to say that everything still holds, use “Confirm that it still holds” instead."),
        ],
        "action_label": gettext("Begin a new version"),
        "cancel_url": solution.get_absolute_url(),
    }
    return render(request, "catalog/solution_move.html", context)


@signed_in_keeping_answers
def solution_discard(request: HttpRequest, public_id: str) -> HttpResponse:
    solution = own_solution(request, public_id)
    if not can_discard_revision(request.user, solution):
        raise Http404
    if request.method == "POST":
        listed = discard_revision(by=request.user, solution=solution)
        messages.success(request, gettext("The new version is discarded. What is listed stays as it was."))
        return redirect(listed)
    context = {
        "solution": solution,
        "question": gettext("Discard this new version?"),
        "consequences": [gettext("What you changed since is lost."), gettext("What is listed stays as it is.")],
        "action_label": gettext("Discard"),
        "cancel_url": solution.get_absolute_url(),
        "is_dangerous": True,
    }
    return render(request, "catalog/solution_move.html", context)
