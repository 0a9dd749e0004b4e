"""The catalogue as the API gives it. Explicit fields: a new column of the model never appears by itself."""

from django.conf import settings
from rest_framework import serializers

from catalog.models import Capability, Claim, Criterion, FocusArea, Provider, Reference, Solution, Topic
from portal.common.serializers import Labels, SourceSerializer, Texts


class FocusAreaSerializer(serializers.ModelSerializer):
    label = Labels()
    description = Labels()

    class Meta:
        model = FocusArea
        fields = ("code", "order", "label", "description")


class TopicSerializer(serializers.ModelSerializer):
    focus_area = serializers.SlugRelatedField(slug_field="code", read_only=True)
    label = Labels()
    description = Labels()

    class Meta:
        model = Topic
        fields = ("code", "focus_area", "order", "label", "description", "sdg_targets", "cpv_divisions")


class CriterionSerializer(serializers.ModelSerializer):
    label = Labels()
    help = Labels()
    unit_label = Labels()

    class Meta:
        model = Criterion
        fields = ("code", "order", "kind", "operator", "unit", "group", "label", "help", "unit_label")


class ProviderSerializer(serializers.ModelSerializer):
    """Public facts only: no person, no address of one."""

    reference = serializers.CharField(source="organisation.public_id")
    name = serializers.CharField(source="organisation.name")
    country = serializers.CharField(source="organisation.country")
    website = serializers.CharField(source="organisation.website")
    is_verified = serializers.BooleanField(source="organisation.is_verified")

    class Meta:
        model = Provider
        fields = ("reference", "name", "kind", "country", "website", "is_verified", "partnership", "partner_since")


class CapabilitySerializer(serializers.ModelSerializer):
    criterion = serializers.SlugRelatedField(slug_field="code", read_only=True)
    unit = serializers.CharField(source="criterion.unit")

    class Meta:
        model = Capability
        fields = ("criterion", "flag", "number", "unit", "grade", "evidence_url")


class ClaimSerializer(serializers.ModelSerializer):
    statement = Texts()

    class Meta:
        model = Claim
        fields = ("dimension", "statement", "indicator", "value", "unit", "method", "grade", "evidence_url")


class ReferenceSerializer(serializers.ModelSerializer):
    """Whether and when the city confirmed it; by whom stays with ICLEI."""

    class Meta:
        model = Reference
        fields = (
            "geonames_id", "city_name", "country", "status", "started_on", "ended_on", "results", "lessons", "cost",
            "currency", "grade", "confirmed_at", "evidence_url",
        )  # fmt: skip


class SolutionListSerializer(serializers.ModelSerializer):
    reference = serializers.CharField(source="public_id")
    name = Texts()
    tagline = Texts()
    provider = ProviderSerializer()
    focus_area = serializers.SlugRelatedField(slug_field="code", read_only=True)
    topics = serializers.SlugRelatedField(slug_field="code", read_only=True, many=True)
    best_evidence = serializers.SerializerMethodField(help_text="Best grade of any claim or reference; empty for none.")
    source = SourceSerializer(source="*")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Solution
        fields = (
            "reference", "version", "state", "name", "tagline", "original_language", "provider", "focus_area",
            "focus_guessed", "topics", "regions", "languages", "best_evidence", "listed_at", "updated_at", "is_demo",
            "source", "url",
        )  # fmt: skip

    def get_best_evidence(self, solution: Solution) -> str:
        return solution.best_grade.value if solution.best_grade else ""

    def get_url(self, solution: Solution) -> str:
        return f"{settings.SITE_URL.rstrip('/')}/{solution.original_language}/solutions/{solution.public_id}/"


class SolutionSerializer(SolutionListSerializer):
    solves = Texts()
    how_it_works = Texts()
    not_suitable = Texts()
    more_focus_areas = serializers.SlugRelatedField(slug_field="code", read_only=True, many=True)
    capabilities = CapabilitySerializer(many=True)
    claims = ClaimSerializer(many=True)
    references = ReferenceSerializer(many=True)

    class Meta(SolutionListSerializer.Meta):
        fields = (
            *SolutionListSerializer.Meta.fields,
            "solves", "how_it_works", "not_suitable", "more_focus_areas", "trl", "deployments", "city_population_min",
            "city_population_max", "quantity_min", "quantity_max", "scale_unit", "cost_min", "cost_max", "currency",
            "cost_basis", "running_cost_min", "running_cost_max", "service_life_years", "lead_time_months",
            "business_models", "data_owner", "interfaces", "exit_terms", "expires_on", "capabilities", "claims",
            "references",
        )  # fmt: skip
