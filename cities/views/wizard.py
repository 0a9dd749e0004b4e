"""Writing a demand: a start, a list of sections, a page for each, a check of all answers, and the handing over."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from cities.actions import create_demand, edit_demand, missing_fields, set_requirements, submit_demand
from cities.answers import HEADINGS, ORDER, requirement_answers, section_answers
from cities.forms.answers import FORMS
from cities.forms.demands import NewDemandForm
from cities.forms.requirements import BaseRequirements, RequirementFormSet
from cities.models import Demand
from cities.readiness import assess, facts_of
from cities.rules import can_edit_demand, can_submit_demand, review_due
from portal.accounts.enums import OrganisationKind
from portal.common.answers import answers_of
from portal.common.drafts import forget_answers, kept_answers, signed_in_keeping_answers
from portal.common.errors import Conflict, Incomplete, NotAllowed
from portal.common.sections import SectionForm
from portal.common.views import render_form

CHECK = "check"  # ?from=check: a section opened from the last page leads back to it


def own_demand(request: HttpRequest, public_id: str) -> Demand:
    """A demand of the reader's own organisations, in any state; 404 for everybody else's."""
    own = Demand.objects.visible_to(request.user).of_organisations(request.user.organisation_ids)
    demand: Demand = get_object_or_404(own.for_detail(), public_id=public_id)
    return demand


def editable_demand(request: HttpRequest, public_id: str) -> Demand:
    demand = own_demand(request, public_id)
    if not can_edit_demand(request.user, demand):
        text = gettext("This demand cannot be edited in its present state: “%(state)s”.")
        raise NotAllowed(text % {"state": demand.get_state_display()})
    return demand


@signed_in_keeping_answers
def demand_new(request: HttpRequest) -> HttpResponse:
    """Title and language begin a draft; whoever has no organisation yet registers it first."""
    organisations = [item.organisation for item in request.user.memberships_of_kind(OrganisationKind.CITY)]
    if not organisations:
        messages.info(request, gettext("Before you write a demand, tell us for which city."))
        return redirect("cities:body-register")
    data = request.POST if request.method == "POST" else kept_answers(request)
    form = NewDemandForm(data, organisations=organisations, initial={"language": request.user.language})
    if request.method == "POST" and form.is_valid():
        title, language = form.cleaned_data["title"], form.cleaned_data["language"]
        owner = form.chosen_organisation
        begun = Demand.objects.of_organisations([owner.pk]).drafts_called(title, language).first()
        demand = begun or create_demand(by=request.user, organisation=owner, language=language, title=title)
        forget_answers(request)
        return redirect("cities:demand-section", demand.public_id, "need")
    return render_form(request, "cities/demand_new.html", form, {"organisations": organisations})


@signed_in_keeping_answers
@require_safe
def demand_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """The list of sections with what is done, and the readiness meter."""
    demand = editable_demand(request, public_id)
    return render(
        request, "cities/demand_edit.html", {**_overview(demand), "tasks": [_task(demand, slug) for slug in ORDER]}
    )


def _overview(demand: Demand) -> dict[str, Any]:
    readiness = assess(facts_of(demand), today=timezone.localdate())
    section = readiness.next_fix.check.section if readiness.next_fix else ""
    fix_url = section_url(demand, section) if section else ""
    return {"demand": demand, "readiness": readiness, "fix_url": fix_url, "missing": missing_sections(demand)}


def missing_sections(demand: Demand) -> list[str]:
    """The sections that hold an answer which submitting asks for and that is not given yet."""
    gaps = set(missing_fields(demand))
    return [slug for slug, form in FORMS.items() if gaps & set(form.needed)]


def _task(demand: Demand, slug: str) -> dict[str, Any]:
    """One line of the task list; topics wait for the focus area."""
    needed = slug in FORMS and bool(FORMS[slug].needed)
    if slug == "requirements":
        answered = complete = bool(demand.requirements.all())
    else:
        form = FORMS[slug](demand)
        answered, complete = form.is_answered(), form.is_complete()
    blocked = slug == "topics" and demand.focus_area is None
    status = "blocked" if blocked else "done" if answered and complete else "to_do" if needed else "optional"
    return {
        "slug": slug,
        "label": HEADINGS[slug],
        "status": status,
        "url": "" if blocked else section_url(demand, slug),
    }


def section_url(demand: Demand, slug: str) -> str:
    return reverse("cities:demand-section", args=[demand.public_id, slug])


@signed_in_keeping_answers
def demand_section(request: HttpRequest, public_id: str, section: str) -> HttpResponse:
    """One page of questions. Continue saves, also when answers are still missing."""
    if section not in FORMS:
        raise Http404
    demand = own_demand(request, public_id) if request.method == "POST" else editable_demand(request, public_id)
    if section == "topics" and demand.focus_area is None:
        return redirect("cities:demand-section", public_id, "focus")
    kept = kept_answers(request)
    form = FORMS[section](demand, request.POST if request.method == "POST" else kept)
    if request.method == "POST" and form.is_valid() and _save_section(request, form):
        forget_answers(request)
        return redirect(_next(request, demand, section))
    return _section_page(
        request, "cities/demand_section.html", form, {"kept": kept is not None and request.method != "POST"}
    )


def _save_section(request: HttpRequest, form: SectionForm) -> bool:
    try:
        edit_demand(by=request.user, demand=form.record, changes=form.changes(), expected_version=form.expected_version)
    except Incomplete as refusal:
        form.refuse(refusal.message, refusal.missing)
    except Conflict as conflict:
        form.take_over(conflict)
    except NotAllowed as refusal:
        form.refuse(refusal.message, ("",))
    else:
        return True
    return False


@signed_in_keeping_answers
def demand_requirements(request: HttpRequest, public_id: str) -> HttpResponse:
    """Must-haves and nice-to-haves. “Add another line” saves what is there and shows an empty line more."""
    demand = own_demand(request, public_id) if request.method == "POST" else editable_demand(request, public_id)
    kept = kept_answers(request)
    formset = RequirementFormSet(demand, request.POST if request.method == "POST" else kept)
    if request.method == "POST" and formset.is_valid() and _save_requirements(request, formset):
        forget_answers(request)
        stays = {"add": "#add", "count": "#passing"}
        place = next((anchor for name, anchor in stays.items() if name in request.POST), "")
        here = f"{request.get_full_path()}{place}"
        return redirect(here if place else _next(request, demand, "requirements"))
    return _section_page(
        request, "cities/demand_requirements.html", formset, {"kept": kept is not None and request.method != "POST"}
    )


def _save_requirements(request: HttpRequest, formset: BaseRequirements) -> bool:
    version = formset.expected_version
    try:
        set_requirements(by=request.user, demand=formset.record, rows=formset.rows(), expected_version=version)
    except Conflict as conflict:
        formset.take_over(conflict)
    except NotAllowed as refusal:
        formset.refuse(refusal.message)
    else:
        return True
    return False


def _section_page(request: HttpRequest, template: str, form: Any, context: dict[str, Any]) -> HttpResponse:
    """The form; after a conflict with both texts and status 409."""
    demand = form.record
    page = {
        **_overview(demand),
        **context,
        "slug": form.slug,
        "heading": form.heading,
        "number": ORDER.index(form.slug) + 1,
        "of": len(ORDER),
        "back_url": _back(request, demand, form.slug),
        "conflict": form.conflict,
        "theirs": _theirs(form) if form.conflict else [],
        "here": request.get_full_path(),
    }
    response = render_form(request, template, form, page)
    if form.conflict:
        response.status_code = form.conflict.status
    return response


def _theirs(form: Any) -> list[Any]:
    """What is stored now, of the answers in which it differs from what was sent."""
    return requirement_answers(form.record) if form.slug == "requirements" else answers_of(form, form.differing())


def _next(request: HttpRequest, demand: Demand, section: str) -> str:
    """Back to the check page if one came from there, to the overview if asked for, else to the next section."""
    if request.GET.get("from") == CHECK:
        return reverse("cities:demand-check", args=[demand.public_id])
    if "overview" in request.POST:
        return reverse("cities:demand-edit", args=[demand.public_id])
    place = ORDER.index(section) + 1
    last = reverse("cities:demand-check", args=[demand.public_id])
    return section_url(demand, ORDER[place]) if place < len(ORDER) else last


def _back(request: HttpRequest, demand: Demand, section: str) -> str:
    if request.GET.get("from") == CHECK:
        return reverse("cities:demand-check", args=[demand.public_id])
    place = ORDER.index(section)
    return section_url(demand, ORDER[place - 1]) if place else reverse("cities:demand-edit", args=[demand.public_id])


@signed_in_keeping_answers
@require_safe
def demand_check(request: HttpRequest, public_id: str) -> HttpResponse:
    return _check_page(request, editable_demand(request, public_id))


def _check_page(request: HttpRequest, demand: Demand, refusal: Incomplete | None = None) -> HttpResponse:
    sections = [
        {
            "slug": slug,
            "heading": HEADINGS[slug],
            "answers": section_answers(demand, slug),
            "url": f"{section_url(demand, slug)}?from={CHECK}",
        }
        for slug in ORDER
    ]
    context = {
        **_overview(demand),
        "sections": sections,
        "can_submit": can_submit_demand(request.user, demand),
        "is_verified": demand.organisation is not None and demand.organisation.is_verified,
        "refusal": refusal,
        "page_has_errors": refusal is not None,
    }
    return render(request, "cities/demand_check.html", context, status=422 if refusal else 200)


@signed_in_keeping_answers
def demand_submit(request: HttpRequest, public_id: str) -> HttpResponse:
    if request.method != "POST":  # whoever had to sign in again comes back here
        return redirect("cities:demand-check", public_id)
    demand = own_demand(request, public_id)
    try:
        submit_demand(by=request.user, demand=demand)
    except Incomplete as refusal:
        return _check_page(request, demand, refusal)
    return redirect("cities:demand-submitted", public_id)


@signed_in_keeping_answers
@require_safe
def demand_submitted(request: HttpRequest, public_id: str) -> HttpResponse:
    """The reference, and what happens next by when."""
    demand = own_demand(request, public_id)
    if demand.submitted_at is None:
        return redirect("cities:demand-edit", public_id)
    due = review_due(timezone.localdate(demand.submitted_at))
    return render(request, "cities/demand_submitted.html", {"demand": demand, "due": due})
