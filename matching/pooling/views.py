from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from matching.models import Match
from matching.pooling.answer_actions import answer_in_pool
from portal.common.errors import Conflict, NotAllowed


@login_required
@require_POST
def pool_answer(request: HttpRequest, public_id: str, answer: str) -> HttpResponse:
    """The yes or no of a city that takes part in the pooled demand."""
    readable = Match.objects.visible_to(request.user).with_records()
    match: Match = get_object_or_404(readable, public_id=public_id)
    try:
        answer_in_pool(by=request.user, match=match, agrees=answer == "yes")
    except NotAllowed as refusal:
        raise Http404 from refusal
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, gettext("Your city’s answer is noted. The city that leads is told."))
    return redirect(match.get_absolute_url())
