"""What reaches a person by mail: chosen on a page, or ended by the link at the foot of a mail."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from portal.common.drafts import forget_answers, kept_answers, signed_in_keeping_answers
from portal.common.views import render_form
from portal.notices.choice_actions import choose_mails, resubscribe, unsubscribe
from portal.notices.forms import MailSettingsForm, concerns
from portal.notices.kinds import GROUPS
from portal.notices.unsubscribing import Wish, wish_in


@signed_in_keeping_answers
def mail_settings(request: HttpRequest) -> HttpResponse:
    form = MailSettingsForm(request.user, request.POST if request.method == "POST" else kept_answers(request))
    if request.method == "POST" and form.is_valid():
        choose_mails(by=request.user, cadences=form.cadences, quiet=form.quiet)
        forget_answers(request)
        messages.success(request, gettext("Your choice is saved. It holds from now on."))
        return redirect("notices:mail-settings")
    always = [group for group in GROUPS.values() if group.is_service and concerns(request.user, group)]
    return render_form(request, "notices/mail_settings.html", form, {"always": always})


def _wish(token: str) -> Wish:
    wish = wish_in(token)
    if wish is None:
        raise Http404
    return wish


# No form token: RFC 8058 has a mail provider post here, who has no session; the signature in the address is the right.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """Reading the page ends nothing: scanners of mail follow every link."""
    wish = _wish(token)
    if request.method == "POST":
        one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        unsubscribe(user=wish.user, group=wish.group, by="one click" if one_click else "page")
    context = {"group": GROUPS[wish.group], "token": token, "is_done": request.method == "POST"}
    return render(request, "notices/unsubscribe.html", context)


@csrf_exempt
@never_cache
@require_POST
def resubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    wish = _wish(token)
    resubscribe(user=wish.user, group=wish.group)
    return render(request, "notices/unsubscribe.html", {"group": GROUPS[wish.group], "token": token, "is_back": True})
