"""The demo's letter-box: what people would have found in their mail."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from portal.notices.caught import Caught, is_catching, newest, one

# Without scripts, forms or a way to the page around it; links open beside it.
SANDBOX = ["allow-popups", "allow-popups-to-escape-sandbox"]


def only_where_mails_are_caught(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Anywhere else the page does not exist: everybody's links for signing in would lie open."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_catching():
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(require_safe(guarded))


def _mail(name: str, number: int) -> Caught:
    found = one(name, number)
    if found is None:
        raise Http404
    return found


@only_where_mails_are_caught
def caught_list(request: HttpRequest) -> HttpResponse:
    return render(request, "notices/caught_list.html", {"mails": newest()})


@csp_update({"frame-src": [SELF]})
@only_where_mails_are_caught
def caught_mail(request: HttpRequest, name: str, number: int) -> HttpResponse:
    return render(request, "notices/caught_mail.html", {"mail": _mail(name, number), "sandbox": " ".join(SANDBOX)})


# Mails carry their looks themselves, as mail programs need it.
@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "frame-ancestors": [SELF], "sandbox": SANDBOX})
@xframe_options_sameorigin
@only_where_mails_are_caught
def caught_html(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The HTML part as a mail program would show it."""
    found = _mail(name, number).html
    if not found:
        raise Http404
    return HttpResponse(found.replace("<head>", '<head><base target="_blank">', 1))
