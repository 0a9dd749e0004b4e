"""The back office: facts about cities that people know and GeoNames does not. Everything else has a page of its own."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from cities.actions import CITY_FACTS, edit_city
from cities.models import City
from cities.rules import can_edit_city


@admin.register(City)
class CityAdmin(admin.ModelAdmin):
    list_display = ("name", "country", "population", "koppen", "iclei_member_since")
    list_filter = ("country",)
    search_fields = ("search",)
    ordering = ("-population",)
    fields = (
        "geonames_id",
        "name",
        "country",
        "subdivision",
        "latitude",
        "longitude",
        "population",
        "koppen",
        *CITY_FACTS,
    )
    readonly_fields = tuple(name for name in fields if name not in CITY_FACTS)
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can_edit_city(request.user)

    def has_view_permission(self, request: HttpRequest, obj: City | None = None) -> bool:
        return can_edit_city(request.user)

    def has_change_permission(self, request: HttpRequest, obj: City | None = None) -> bool:
        return can_edit_city(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: City | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: City, form: ModelForm, change: bool) -> None:
        """On the road of every write: audited, and only what may be changed by hand."""
        changes: dict[str, Any] = {name: form.cleaned_data[name] for name in form.changed_data}
        edit_city(by=request.user, city=obj, changes=changes)
