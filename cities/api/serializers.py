"""Demands as the API gives them. Explicit fields: a new column of the model never appears by itself."""

from django.conf import settings
from rest_framework import serializers

from cities.models import City, Demand, Requirement
from portal.common.languages import CODES
from portal.common.serializers import SourceSerializer, Texts
from portal.common.translated import text_in


class CitySerializer(serializers.ModelSerializer):
    names = serializers.SerializerMethodField(help_text="Language code → name, where one is known.")

    class Meta:
        model = City
        fields = ("geonames_id", "names", "country", "latitude", "longitude", "population", "koppen")

    def get_names(self, city: City) -> dict[str, str]:
        return {code: name for code in CODES if (name := text_in(city, "name", code))}


class RequirementSerializer(serializers.ModelSerializer):
    criterion = serializers.SlugRelatedField(slug_field="code", read_only=True)
    operator = serializers.CharField(source="criterion.operator", help_text="is, ge (at least) or le (at most)")
    unit = serializers.CharField(source="criterion.unit")

    class Meta:
        model = Requirement
        fields = ("criterion", "operator", "number", "unit", "is_mandatory")


class DemandListSerializer(serializers.ModelSerializer):
    reference = serializers.CharField(source="public_id")
    title = Texts()
    summary = Texts()
    organisation = serializers.SerializerMethodField()
    city = CitySerializer()
    focus_area = serializers.SlugRelatedField(slug_field="code", read_only=True)
    topics = serializers.SlugRelatedField(slug_field="code", read_only=True, many=True)
    source = SourceSerializer(source="*")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Demand
        fields = (
            "reference", "version", "state", "title", "summary", "original_language", "organisation", "city", "country",
            "focus_area", "focus_guessed", "topics", "stage", "budget_min", "budget_max", "currency", "decision_on",
            "published_at", "updated_at", "is_demo", "source", "url",
        )  # fmt: skip

    def get_organisation(self, demand: Demand) -> str:
        return demand.organisation.name if demand.organisation else demand.body_name

    def get_url(self, demand: Demand) -> str:
        return f"{settings.SITE_URL.rstrip('/')}/{demand.original_language}/demands/{demand.public_id}/"


class DemandSerializer(DemandListSerializer):
    problem = Texts()
    outcome = Texts()
    more_focus_areas = serializers.SlugRelatedField(slug_field="code", read_only=True, many=True)
    requirements = RequirementSerializer(many=True)

    class Meta(DemandListSerializer.Meta):
        fields = (
            *DemandListSerializer.Meta.fields,
            "problem", "outcome", "more_focus_areas", "requirements", "people_served", "quantity", "scale_unit", "site",
            "indicator", "indicator_baseline", "indicator_target", "budget_certainty", "finance_route",
            "business_models", "procurement_route", "start_on", "operation_on", "languages",
            "languages_required", "expires_on",
        )  # fmt: skip
