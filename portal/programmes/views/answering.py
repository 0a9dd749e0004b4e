"""How these pages answer a form: what the domain refuses stands above the form, with everything that was typed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse

from portal.common.drafts import forget_answers, kept_answers
from portal.common.errors import DomainError, NotAllowed
from portal.common.views import render_form

if TYPE_CHECKING:
    from portal.accounts.rules import Reader

PAGE = "programmes/form.html"


def sent(request: HttpRequest) -> Any:
    """What was posted, or what waits since before the session ran out; None for an empty form."""
    return request.POST if request.method == "POST" else kept_answers(request)


def is_done(request: HttpRequest, form: BaseForm, work: Callable[[], object]) -> bool:
    """Do the work of a valid form that was posted; a refusal becomes an error of the form, and nothing is lost."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        work()
    except NotAllowed:
        raise
    except DomainError as refused:
        form.add_error(None, refused.message)
        return False
    forget_answers(request)
    return True


def form_page(request: HttpRequest, form: BaseForm, title: str, back: tuple[str, str], **more: Any) -> HttpResponse:
    """The common page: a heading, the form, one button. ``back`` is the label and address of the page above."""
    return render_form(request, PAGE, form, {"title": title, "back": back, **more})


def said(request: HttpRequest, text: str) -> None:
    messages.success(request, text)


def only(allowed: Callable[[Any], bool], user: "Reader") -> None:
    """A page that is not there for whoever may not open it."""
    if not allowed(user):
        raise Http404
