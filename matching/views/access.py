"""Who may open a page of the matcher. Everybody else finds nothing there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from portal.accounts.enums import StaffRoleKind
from portal.accounts.rules import has_staff_role, is_moderator, is_staff_reader

View = Callable[..., HttpResponse]


def is_neutrality_officer(user: Any) -> bool:
    return has_staff_role(user, StaffRoleKind.NEUTRALITY)


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
