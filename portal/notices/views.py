"""A person's notices: each one a link to what it is about; what comes in numbers is shown as a count."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.models import User
from portal.common.views import turn_page
from portal.notices.actions import counted, mark_all_read, mark_read, sentence
from portal.notices.kinds import KINDS
from portal.notices.models import Notice

COUNTED = sorted(code for code, kind in KINDS.items() if kind.count)


@login_required
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    mine = Notice.objects.visible_to(request.user)
    page = turn_page(request, mine.exclude(kind__in=COUNTED))
    for notice in page:
        notice.sentence = sentence(notice.kind, notice.params)
        notice.why = KINDS[notice.kind].why
    context = {"page_obj": page, "counts": counts_for(request.user), "unread": mine.unread().count()}
    return render(request, "notices/notice_list.html", context)


def counts_for(user: User) -> list[dict[str, object]]:
    """Unread notices of counted kinds, one line a kind; ``pk`` is the newest, which opens what it leads to."""
    found = Notice.objects.visible_to(user).unread().filter(kind__in=COUNTED).order_by()
    rows = found.values("kind").annotate(number=Count("pk"), pk=Max("pk"), at=Max("created_at")).order_by("-at")
    return [{**row, "sentence": counted(row["kind"], row["number"]), "why": KINDS[row["kind"]].why} for row in rows]


@login_required
@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    mark_read(notice=notice)
    return redirect(f"/{get_language()}{notice.path}")


@login_required
@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    mark_all_read(user=request.user)
    return redirect("notices:notice-list")
