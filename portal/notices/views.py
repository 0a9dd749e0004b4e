"""A person's notices: the unread first, each one a link to what it is about."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from portal.common.views import turn_page
from portal.notices.actions import mark_all_read, mark_read, sentence
from portal.notices.kinds import KINDS
from portal.notices.models import Notice


@login_required
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    page = turn_page(request, Notice.objects.filter(recipient=request.user))
    for notice in page:
        notice.sentence = sentence(notice.kind, notice.params)
        notice.why = KINDS[notice.kind].why
    unread = Notice.objects.filter(recipient=request.user, read_at=None).count()
    return render(request, "notices/notice_list.html", {"page_obj": page, "unread": unread})


@login_required
@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(Notice, pk=pk, recipient=request.user)
    mark_read(notice=notice)
    return redirect(f"/{get_language()}{notice.path}")


@login_required
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    mark_all_read(user=request.user)
    return redirect("notices:notice-list")
