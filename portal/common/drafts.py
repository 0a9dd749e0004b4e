"""What somebody typed is not lost when the session ran out meanwhile: it waits until they have signed in again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.cache import never_cache

KEPT = "kept_answers"
# Twice the longest text of any form; a session is no store for more.
MOST_CHARACTERS = 200_000

View = Callable[..., HttpResponse]


def signed_in_keeping_answers(view: View) -> View:
    """As login_required, for pages on which people write. They are never cached: Back shows what is stored now."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            _keep(request)
        return redirect_to_login(request.get_full_path())

    return never_cache(guarded)


def _keep(request: HttpRequest) -> None:
    answers = request.POST.copy()
    answers.pop("csrfmiddlewaretoken", None)
    encoded = answers.urlencode()
    if len(encoded) <= MOST_CHARACTERS:
        request.session[KEPT] = {"path": request.get_full_path(), "answers": encoded}


def kept_answers(request: HttpRequest) -> QueryDict | None:
    """The answers that wait for this address; None where there are none."""
    kept = request.session.get(KEPT)
    return QueryDict(kept["answers"]) if kept and kept["path"] == request.get_full_path() else None


def forget_answers(request: HttpRequest) -> None:
    """They were sent again, this time by somebody signed in."""
    request.session.pop(KEPT, None)
