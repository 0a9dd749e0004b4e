"""Follow-ups: three questions behind a mailed link, and the moderators' list of contradictions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from matching.introductions.follow_up_actions import answer_follow_up, asked_by, settle_follow_up
from matching.introductions.forms import FollowUpForm, SettleForm
from matching.introductions.models import FollowUp
from matching.introductions.rules import can_settle_follow_up
from matching.introductions.views.acting import acted
from matching.views.access import staff_readers_only
from portal.common.views import render_form, turn_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Without an account: the link says who is asked. Opening it changes nothing, because mail scanners open links."""
    asked = asked_by(token)
    if asked is None:
        return render(request, "matching/introductions/follow_up_gone.html", status=404)
    given = next((one for one in asked.follow_up.answers.all() if one.side == asked.side), None)
    initial = {"stage": given.stage, "reached": given.reached, "words": given.words} if given else None
    form = FollowUpForm(request.POST or None, initial=initial)
    if request.method == "POST" and acted(form, answer_follow_up, asked=asked, language=get_language()):
        return render(request, "matching/introductions/follow_up_thanks.html", {"asked": asked})
    context = {"asked": asked, "match": asked.follow_up.introduction.match, "given": given}
    return render_form(request, "matching/introductions/follow_up_form.html", form, context)


@staff_readers_only
@require_safe
def follow_up_list(request: HttpRequest) -> HttpResponse:
    conflicts = FollowUp.objects.in_conflict().with_records()
    page = turn_page(request, FollowUp.objects.with_records().order_by("-due_on", "-pk"))
    return render(
        request, "matching/introductions/follow_up_list.html", {"conflicts": conflicts[:50], "page_obj": page}
    )


@staff_readers_only
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_detail(request: HttpRequest, pk: int) -> HttpResponse:
    follow_up = get_object_or_404(FollowUp.objects.with_records().select_related("settled_by"), pk=pk)
    form = SettleForm(request.POST or None)
    if request.method == "POST" and acted(form, settle_follow_up, by=request.user, follow_up=follow_up):
        messages.success(request, _("Noted. The contradiction is settled."))
        return redirect("introductions:follow-up-list")
    may_settle = (
        follow_up.is_conflict and follow_up.settled_at is None and can_settle_follow_up(request.user, follow_up)
    )
    context = {"follow_up": follow_up, "match": follow_up.introduction.match, "may_settle": may_settle}
    return render_form(request, "matching/introductions/follow_up.html", form, context)
