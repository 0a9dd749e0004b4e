"""Who may open a page of the matcher. Everybody else finds nothing there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from cities.models import Demand
from cities.rules import can_read_ranking
from portal.accounts.enums import StaffRoleKind
from portal.accounts.rules import has_staff_role, is_moderator, is_staff_reader

View = Callable[..., HttpResponse]


def is_neutrality_officer(user: Any) -> bool:
    return has_staff_role(user, StaffRoleKind.NEUTRALITY)


def inner_demand(request: HttpRequest, public_id: str) -> Demand:
    """A demand with what its city's people and ICLEI alone read: the engine's list, readiness, what would pass."""
    demand: Demand = get_object_or_404(Demand.objects.visible_to(request.user).for_detail(), public_id=public_id)
    if not can_read_ranking(request.user, demand):
        raise Http404
    return demand


def moderators_only(view: View) -> View:
    """Signed-out readers are asked to sign in; for everybody but moderators the page does not exist."""
    return _only(is_moderator, view)


def staff_readers_only(view: View) -> View:
    """The same for moderators, the neutrality officer and administrators."""
    return _only(is_staff_reader, view)


def neutrality_only(view: View) -> View:
    """The same for the neutrality officer alone."""
    return _only(is_neutrality_officer, view)


def _only(may_open: Callable[[Any], bool], view: View) -> View:
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_open(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
