"""What needs you now: each app's part, put together for whoever signs in."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from catalog.views import home_context as solutions_of
from cities.views import home_context as demands_of
from matching.ranked import places_of
from matching.views import home_context as matches_of
from portal.accounts.member_views import invitations_of
from portal.accounts.models import User
from portal.accounts.rules import is_city_member, is_moderator, is_provider_member, is_staff_reader
from portal.guidance.models import SampleTable
from portal.guidance.steps import first_steps
from portal.programmes.needs import needs_of as programme_needs_of


@login_required
@require_safe
def home_mine(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/mine.html", mine(request.user, request.GET.get("page")))


def mine(user: User, page: str | None = None) -> dict[str, Any]:
    """The parts that concern the reader. Every app names what needs them in ``…_needs``, the most urgent first.

    ``page`` of the reader's own demands or solutions.
    """
    is_city, is_provider = is_city_member(user), is_provider_member(user)
    parts = [{"invitation_needs": invitations_of(user)}, matches_of(user), programme_needs_of(user)]
    if is_city:
        parts.append(demands_of(user, page))
    if is_provider:
        parts.append(own := solutions_of(user, page))
        parts.append(
            {"places": places_of([row.solution.pk for row in own["provider_solutions"] if row.solution.is_live])}
        )
    context = {name: value for part in parts for name, value in part.items()}
    shown = {
        **context,
        "needs": [need for name, found in context.items() if name.endswith("_needs") for need in found],
        "is_city": is_city,
        "is_provider": is_provider,
        "is_moderator": is_moderator(user),
        "is_staff": is_staff_reader(user),
        "is_newcomer": not (is_city or is_provider or user.staff_roles),
    }
    is_sample = shown["is_staff"] and SampleTable.objects.exists()
    return {**shown, "first_steps": first_steps(user, shown), "is_sample": is_sample}


urlpatterns = [path("my/", home_mine, name="home-mine")]
