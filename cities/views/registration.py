"""A public body comes to the portal: find the city, describe the body, wait for verification."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from cities.actions import register_public_body
from cities.forms.registration import BodyForm, CitySearchForm
from cities.models import City, PublicBody
from portal.accounts.enums import OrganisationState
from portal.common.drafts import forget_answers, kept_answers, signed_in_keeping_answers
from portal.common.ordering import by_name
from portal.common.views import render_form

MOST_CITIES = 15


def _to_sign_up(request: HttpRequest) -> HttpResponse:
    """Most who come here have no account yet. The sign-up page links to sign-in and keeps the way back."""
    return redirect(f"{reverse('account_signup')}?{urlencode({'next': request.get_full_path()})}")


@require_safe
def body_register(request: HttpRequest) -> HttpResponse:
    """Type the name of the city, choose it from those found."""
    if not request.user.is_authenticated:
        return _to_sign_up(request)
    form = CitySearchForm(request.GET if "q" in request.GET else None)
    context = {"cities": None}
    if form.is_valid():
        context["cities"] = City.objects.spelled(form.cleaned_data["q"], form.cleaned_data["country"])[:MOST_CITIES]
    return render_form(request, "cities/body_register.html", form, context)


@require_safe
def body_choose(request: HttpRequest) -> HttpResponse:
    """From the list of cities found to the page of the one chosen; without a choice back to the list."""
    chosen = request.GET.get("city", "")
    if chosen.isdecimal() and len(chosen) < 19:
        return redirect("cities:body-details", geonames_id=int(chosen))
    messages.error(request, gettext("Choose your city from the list."))
    query = urlencode({name: request.GET.get(name, "") for name in ("q", "country")})
    return redirect(f"{reverse('cities:body-register')}?{query}")


@signed_in_keeping_answers
def body_details(request: HttpRequest, geonames_id: int) -> HttpResponse:
    city = get_object_or_404(City, geonames_id=geonames_id)
    form = BodyForm(request.POST if request.method == "POST" else kept_answers(request))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            body = register_public_body(by=request.user, city=city, **form.cleaned_data)
        forget_answers(request)
        return redirect(body.organisation)
    known = PublicBody.objects.filter(city=city, organisation__state=OrganisationState.VERIFIED)
    context = {"city": city, "known": known.select_related("organisation").order_by(*by_name("organisation__name"))}
    return render_form(request, "cities/body_details.html", form, context)
