"""A provider comes to the portal in two steps, then waits for verification."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext

from catalog.forms.registration import ProfileForm, ProviderForm
from catalog.models import Provider
from catalog.provider_actions import edit_provider, register_provider
from catalog.rules import can_edit_provider
from portal.common.drafts import forget_answers, kept_answers, signed_in_keeping_answers
from portal.common.errors import DomainError
from portal.common.views import render_form

STEP = "step"  # ?step=2: the profile is asked for the first time, right after the registration


def provider_register(request: HttpRequest) -> HttpResponse:
    """Most who come here have no account yet. The sign-up page links to sign-in and keeps the way back."""
    if not request.user.is_authenticated and request.method != "POST":
        return redirect(f"{reverse('account_signup')}?{urlencode({'next': request.get_full_path()})}")
    return _register(request)


@signed_in_keeping_answers
def _register(request: HttpRequest) -> HttpResponse:
    form = ProviderForm(request.POST if request.method == "POST" else kept_answers(request))
    if request.method == "POST" and form.is_valid():
        try:
            provider = register_provider(
                by=request.user, language=get_language() or "en", languages=[request.user.language], **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            forget_answers(request)
            return redirect(f"{reverse('catalog:provider-edit', args=[provider.organisation.public_id])}?{STEP}=2")
    return render_form(request, "catalog/provider_register.html", form)


@signed_in_keeping_answers
def provider_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """The public profile: the second step of the registration, and later on a page of its own."""
    own = Provider.objects.filter(organisation__in=request.user.organisation_ids).select_related("organisation")
    provider = get_object_or_404(own, organisation__public_id=public_id)
    if not can_edit_provider(request.user, provider):
        raise Http404
    is_second_step = request.GET.get(STEP) == "2"
    form = ProfileForm(provider, request.POST if request.method == "POST" else kept_answers(request))
    if request.method == "POST" and form.is_valid():
        edit_provider(by=request.user, provider=provider, changes=form.changes())
        forget_answers(request)
        if not is_second_step:
            messages.success(request, gettext("The profile is saved."))
        return redirect("accounts:organisation-detail", public_id)
    context = {"provider": provider, "organisation": provider.organisation, "is_second_step": is_second_step}
    return render_form(request, "catalog/provider_edit.html", form, {**context, "here": request.get_full_path()})
