"""Agreements of one provider: for programme managers, who record and end them. Everybody reads them on its profile."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from catalog.models import Provider
from catalog.partnerships.actions import end_agreement, record_agreement
from catalog.partnerships.forms import AgreementForm
from catalog.partnerships.rules import can_record_agreements
from portal.common.drafts import forget_answers, kept_answers, signed_in_keeping_answers
from portal.common.errors import DomainError
from portal.common.views import render_form


def _provider(request: HttpRequest, public_id: str) -> Provider:
    found = Provider.objects.visible_to(request.user).select_related("organisation")
    provider: Provider = get_object_or_404(found, organisation__public_id=public_id)
    if not can_record_agreements(request.user, provider):
        raise Http404
    return provider


@signed_in_keeping_answers
def agreement_list(request: HttpRequest, public_id: str) -> HttpResponse:
    provider = _provider(request, public_id)
    form = AgreementForm(request.POST if request.method == "POST" else kept_answers(request))
    if request.method == "POST" and form.is_valid():
        try:
            record_agreement(by=request.user, provider=provider, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            forget_answers(request)
            messages.success(request, gettext("The agreement is recorded. Everybody sees it on the provider's page."))
            return redirect("partnerships:agreement-list", public_id)
    context = {"provider": provider, "agreements": provider.agreements.select_related("recorded_by")}
    return render_form(request, "partnerships/agreement_list.html", form, context)


@login_required
@require_POST
def agreement_end(request: HttpRequest, public_id: str, pk: int) -> HttpResponse:
    provider = _provider(request, public_id)
    end_agreement(by=request.user, agreement=get_object_or_404(provider.agreements, pk=pk))
    messages.success(request, gettext("The agreement ends today."))
    return redirect("partnerships:agreement-list", public_id)
