"""What these pages have in common: find the demand, act, and give back what was typed where it is refused."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from cities.models import Demand
from portal.common.errors import DomainError, NotAllowed
from portal.common.forms import BaseForm


def demand_for(request: HttpRequest, public_id: str, right: Callable[[Any, Demand], bool]) -> Demand:
    """The demand for whoever has the right; for everybody else there is none."""
    demand: Demand = get_object_or_404(Demand.objects.for_detail(), public_id=public_id)
    if not right(request.user, demand):
        raise Http404
    return demand


def acted(form: BaseForm, act: Callable[..., Any], **arguments: Any) -> bool:
    """Whether the form was valid and the action went through. A refusal stands on the form, which keeps what was typed.

    What the reader may not do is told on a page of its own.
    """
    if not form.is_valid():
        return False
    try:
        act(**arguments, **form.cleaned_data)
    except NotAllowed:
        raise
    except DomainError as error:
        missing = getattr(error, "missing", ())
        form.add_error(next((name for name in missing if name in form.fields), None), error.message)
        return False
    return True
