"""Writing a solution: a start, a list of sections, a page for each, a preview, a check, and the handing over."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from catalog.answers import section_answers
from catalog.completeness import Section, assess
from catalog.forms.all_sections import ALL
from catalog.forms.evidence import CapabilitiesForm, ChooseCriteriaForm
from catalog.forms.solutions import NewSolutionForm
from catalog.models import Provider, Solution
from catalog.rules import can_discard_revision, can_edit_solution, can_revise_solution, can_submit_solution
from catalog.views.browse import detail_context
from catalog.writing_actions import create_solution, submit_solution
from portal.accounts.enums import OrganisationKind
from portal.common.answers import Answer, answers_of
from portal.common.drafts import forget_answers, kept_answers, signed_in_keeping_answers
from portal.common.errors import Conflict, Incomplete, NotAllowed
from portal.common.views import render_form

CHECK = "check"  # ?from=check: a section opened from the last page leads back to it
ORDER = list(Section)


def own_solution(request: HttpRequest, public_id: str) -> Solution:
    """A solution of the reader's own organisations, in any state; 404 for everybody else's."""
    own = Solution.objects.visible_to(request.user).of_organisations(request.user.organisation_ids)
    solution: Solution = get_object_or_404(own.for_detail(), public_id=public_id)
    return solution


def check_editable(request: HttpRequest, solution: Solution) -> None:
    if not can_edit_solution(request.user, solution):
        text = gettext("This solution cannot be edited in its present state: “%(state)s”.")
        raise NotAllowed(text % {"state": solution.get_state_display()})


@signed_in_keeping_answers
def solution_new(request: HttpRequest) -> HttpResponse:
    """Name and language begin a draft; whoever has no provider yet registers it first."""
    ids = [item.organisation_id for item in request.user.memberships_of_kind(OrganisationKind.PROVIDER)]
    providers = list(Provider.objects.filter(organisation__in=ids).select_related("organisation").order_by("pk"))
    if not providers:
        messages.info(request, gettext("Before you list a solution, tell us who offers it."))
        return redirect("catalog:provider-register")
    data = request.POST if request.method == "POST" else kept_answers(request)
    form = NewSolutionForm(data, providers=providers, initial={"language": request.user.language})
    if request.method == "POST" and form.is_valid():
        name, language = form.cleaned_data["name"], form.cleaned_data["language"]
        owner = form.chosen_provider
        begun = Solution.objects.filter(provider=owner).drafts_called(name, language).first()
        solution = begun or create_solution(by=request.user, provider=owner, language=language, name=name)
        forget_answers(request)
        return redirect("catalog:solution-section", solution.public_id, Section.WHAT)
    return render_form(request, "catalog/solution_new.html", form, {"providers": providers})


@signed_in_keeping_answers
@require_safe
def solution_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """The list of sections with what is done, and what to add next."""
    solution = own_solution(request, public_id)
    if can_revise_solution(request.user, solution):
        return redirect("catalog:solution-revise", public_id)
    check_editable(request, solution)
    tasks = [_task(solution, section) for section in ORDER]
    context = {**_overview(solution), "tasks": tasks, "review": solution.reviews.first()}
    context["can_discard"] = can_discard_revision(request.user, solution)
    return render(request, "catalog/solution_edit.html", context)


def _overview(solution: Solution) -> dict[str, Any]:
    completeness = assess(solution)
    fix = completeness.next_fix
    fix_url = section_url(solution, fix) if fix else ""
    return {"solution": solution, "completeness": completeness, "fix": fix, "fix_url": fix_url}


def _task(solution: Solution, section: Section) -> dict[str, Any]:
    """One line of the task list; topics wait for the focus area."""
    blocked = section == Section.TOPICS and solution.focus_area is None
    status = "blocked" if blocked else assess(solution).status(section)
    return {"label": section.label, "status": status, "url": "" if blocked else section_url(solution, section)}


def section_url(solution: Solution, section: str) -> str:
    return reverse("catalog:solution-section", args=[solution.public_id, section])


@signed_in_keeping_answers
def solution_section(request: HttpRequest, public_id: str, section: str) -> HttpResponse:
    """One page of questions. Continue saves, also when answers are still missing."""
    if section not in ALL:
        raise Http404
    solution = own_solution(request, public_id)
    if elsewhere := _first_elsewhere(request, solution, section):
        return redirect(elsewhere)
    if request.method != "POST":
        check_editable(request, solution)
    kept = kept_answers(request)
    form = _form(request, solution, section, request.POST if request.method == "POST" else kept)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        forget_answers(request)
        return redirect(_next(request, solution, section))
    return _section_page(request, form, {"kept": kept is not None and request.method != "POST"})


def _first_elsewhere(request: HttpRequest, solution: Solution, section: str) -> str:
    """What is listed is changed by a revision; topics need a focus area, and capabilities their criteria."""
    if request.method != "POST" and can_revise_solution(request.user, solution):
        return reverse("catalog:solution-revise", args=[solution.public_id])
    if section == Section.TOPICS and solution.focus_area is None:
        return section_url(solution, Section.FOCUS)
    has_criteria = "criterion" in request.GET or bool(solution.capabilities.all())
    if section == Section.CAPABILITIES and request.method != "POST" and not has_criteria:
        return _with_origin(request, reverse("catalog:solution-criteria", args=[solution.public_id]))
    return ""


def _form(request: HttpRequest, solution: Solution, section: str, data: Any) -> Any:
    if section == Section.CAPABILITIES:
        return CapabilitiesForm(solution, data, chosen=request.GET.getlist("criterion"))
    return ALL[section](solution, data)


def _save(request: HttpRequest, form: Any) -> bool:
    try:
        form.write(by=request.user)
    except Incomplete as refusal:
        form.refuse(refusal.message, refusal.missing)
    except Conflict as conflict:
        form.take_over(conflict)
    except NotAllowed as refusal:
        form.refuse(refusal.message, ("",))
    else:
        return True
    return False


def _section_page(request: HttpRequest, form: Any, context: dict[str, Any]) -> HttpResponse:
    """The form; after a conflict with both texts and status 409."""
    solution, section = form.record, Section(form.slug)
    page = {
        **_overview(solution),
        **context,
        "slug": section.value,
        "heading": form.heading,
        "intro": form.intro,
        "number": ORDER.index(section) + 1,
        "of": len(ORDER),
        "back_url": _back(request, solution, section),
        "conflict": form.conflict,
        "theirs": _theirs(form) if form.conflict else [],
        "here": request.get_full_path(),
    }
    response = render_form(request, TEMPLATES.get(section, "catalog/solution_section.html"), form, page)
    if form.conflict:
        response.status_code = form.conflict.status
    return response


TEMPLATES = {
    Section.CAPABILITIES: "catalog/solution_capabilities.html",
    Section.REFERENCES: "catalog/solution_references.html",
}


def _theirs(form: Any) -> list[Answer]:
    """What is stored now, of the answers in which it differs from what was sent."""
    if form.slug in (Section.CAPABILITIES, Section.REFERENCES):
        return section_answers(form.record, form.slug)
    return answers_of(form, form.differing())


def _with_origin(request: HttpRequest, url: str) -> str:
    return f"{url}?{urlencode({'from': CHECK})}" if request.GET.get("from") == CHECK else url


def _next(request: HttpRequest, solution: Solution, section: str) -> str:
    """More of the same if asked for, back to where one came from, else the next section."""
    if "add" in request.POST:
        return f"{request.get_full_path()}#add"
    last = reverse("catalog:solution-check", args=[solution.public_id])
    if request.GET.get("from") == CHECK:
        return last
    if "overview" in request.POST:
        return reverse("catalog:solution-edit", args=[solution.public_id])
    place = ORDER.index(Section(section)) + 1
    return section_url(solution, ORDER[place]) if place < len(ORDER) else last


def _back(request: HttpRequest, solution: Solution, section: str) -> str:
    if request.GET.get("from") == CHECK:
        return reverse("catalog:solution-check", args=[solution.public_id])
    place = ORDER.index(Section(section))
    overview = reverse("catalog:solution-edit", args=[solution.public_id])
    return section_url(solution, ORDER[place - 1]) if place else overview


@signed_in_keeping_answers
@require_safe
def solution_criteria(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose the criteria on which the solution has something to say; the answers are asked on the next page."""
    solution = own_solution(request, public_id)
    if can_revise_solution(request.user, solution):
        return redirect("catalog:solution-revise", public_id)
    check_editable(request, solution)
    stated = [item.criterion.code for item in solution.capabilities.all()]
    form = ChooseCriteriaForm(request.GET, stated=stated)
    if "next" in request.GET and form.is_valid():
        origin = [("from", CHECK)] if request.GET.get("from") == CHECK else []
        query = urlencode([("criterion", code) for code in form.codes or stated] + origin)
        skip = reverse("catalog:solution-edit", args=[public_id])
        return redirect(f"{section_url(solution, Section.CAPABILITIES)}?{query}" if query else skip)
    context = {**_overview(solution), "heading": Section.CAPABILITIES.label, "has_stated": bool(stated)}
    return render(
        request, "catalog/solution_criteria.html", {**context, "form": form, "origin": request.GET.get("from", "")}
    )


@signed_in_keeping_answers
@require_safe
def solution_preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """The page as cities will see it, with a word that it is not public."""
    solution = own_solution(request, public_id)
    return render(request, "catalog/solution_preview.html", detail_context(solution, is_inner=False))


@signed_in_keeping_answers
@require_safe
def solution_check(request: HttpRequest, public_id: str) -> HttpResponse:
    solution = own_solution(request, public_id)
    if can_revise_solution(request.user, solution):
        return redirect("catalog:solution-revise", public_id)
    check_editable(request, solution)
    return _check_page(request, solution)


def _check_page(request: HttpRequest, solution: Solution, refusal: Incomplete | None = None) -> HttpResponse:
    overview = _overview(solution)
    sections = [
        {
            "slug": section.value,
            "heading": section.label,
            "answers": section_answers(solution, section),
            "is_owed": section in overview["completeness"].owed,
            "url": f"{section_url(solution, section)}?from={CHECK}",
        }
        for section in ORDER
    ]
    context = {
        **overview,
        "sections": sections,
        "can_submit": can_submit_solution(request.user, solution),
        "is_verified": solution.provider.organisation.is_verified,
        "refusal": refusal,
        "page_has_errors": refusal is not None,
    }
    return render(request, "catalog/solution_check.html", context, status=422 if refusal else 200)


@signed_in_keeping_answers
def solution_submit(request: HttpRequest, public_id: str) -> HttpResponse:
    if request.method != "POST":  # whoever had to sign in again comes back here
        return redirect("catalog:solution-check", public_id)
    solution = own_solution(request, public_id)
    try:
        submit_solution(by=request.user, solution=solution)
    except Incomplete as refusal:
        return _check_page(request, solution, refusal)
    return redirect("catalog:solution-submitted", public_id)


@signed_in_keeping_answers
@require_safe
def solution_submitted(request: HttpRequest, public_id: str) -> HttpResponse:
    """The reference, and what happens next."""
    solution = own_solution(request, public_id)
    if solution.submitted_at is None:
        return redirect("catalog:solution-edit", public_id)
    return render(request, "catalog/solution_submitted.html", {"solution": solution})
