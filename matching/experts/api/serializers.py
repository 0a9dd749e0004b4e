"""Experts as they agreed to be shown, and advice. Whoever asks is named by organisation, never as a person."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.models import Solution
from cities.models import Demand
from matching.experts.enums import DeclineReason
from matching.experts.models import Advice, Expert
from portal.common.serializers import Linked, Texts


class ExpertSerializer(Linked):
    name = serializers.CharField(source="user.name")
    employer = serializers.CharField(source="employer.name", default=None, help_text="If it is registered here.")
    topics = serializers.SlugRelatedField(slug_field="code", read_only=True, many=True)
    open_requests = serializers.IntegerField(read_only=True)
    takes_requests = serializers.SerializerMethodField(help_text="Not paused, and below the most they take at a time.")

    class Meta:
        model = Expert
        fields = (
            "reference", "name", "affiliation", "employer", "topics", "languages", "interests", "open_requests",
            "most_requests", "paused_until", "takes_requests", "url",
        )  # fmt: skip

    def get_takes_requests(self, expert: Any) -> bool:
        return not expert.is_paused and expert.open_requests < expert.most_requests


class AdviceSerializer(Linked):
    expert = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    demand = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    match = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    answer_language = serializers.CharField(read_only=True, help_text="Empty before there is an answer.")
    asked_for = serializers.CharField(source="asked_for.name", default="ICLEI", help_text="The city, or ICLEI.")

    class Meta:
        model = Advice
        fields = (
            "reference", "state", "state_since", "expert", "demand", "match", "asked_for", "question", "language",
            "due_on", "decline_reason", "answer", "answer_language", "answered_at", "has_interests", "interests",
            "url",
        )  # fmt: skip


class AdvisedDemandSerializer(serializers.ModelSerializer):
    """What the expert reads on the page: texts, and no contact of anybody."""

    title = Texts()
    summary = Texts()
    problem = Texts()
    outcome = Texts()

    class Meta:
        model = Demand
        fields = ("title", "summary", "problem", "outcome", "original_language", "country")


class AdvisedSolutionSerializer(serializers.ModelSerializer):
    name = Texts()
    tagline = Texts()
    solves = Texts()
    not_suitable = Texts()

    class Meta:
        model = Solution
        fields = ("name", "tagline", "solves", "not_suitable", "original_language")


class AdviceDetailSerializer(AdviceSerializer):
    about_demand = serializers.SerializerMethodField(help_text="The texts of the demand, of a match too.")
    about_solution = serializers.SerializerMethodField(help_text="Null where the advice is on a demand.")

    class Meta(AdviceSerializer.Meta):
        fields = (*AdviceSerializer.Meta.fields, "about_demand", "about_solution")

    @extend_schema_field(AdvisedDemandSerializer)
    def get_about_demand(self, advice: Advice) -> Any:
        return AdvisedDemandSerializer(advice.demand or advice.match.demand).data

    @extend_schema_field(AdvisedSolutionSerializer(allow_null=True))
    def get_about_solution(self, advice: Advice) -> Any:
        return AdvisedSolutionSerializer(advice.match.solution).data if advice.match else None


class AskAdviceSerializer(serializers.Serializer):
    """On a demand or on a match, exactly one."""

    expert = serializers.CharField(help_text="Reference of the expert.")
    demand = serializers.CharField(required=False)
    match = serializers.CharField(required=False)
    question = serializers.CharField(max_length=3000)
    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    due_on = serializers.DateField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("demand" in attrs) == ("match" in attrs):
            message = serializers.Field.default_error_messages["required"]
            raise serializers.ValidationError({"demand": [message]}, code="required")
        return attrs


class DeclineAdviceSerializer(serializers.Serializer):
    reason = serializers.ChoiceField(choices=DeclineReason.choices)


class GiveAdviceSerializer(serializers.Serializer):
    answer = serializers.CharField(max_length=6000)
    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    has_interests = serializers.BooleanField(help_text="Whether the expert has an interest in this matter.")
    interests = serializers.CharField(max_length=2000, required=False, help_text="Which; owed where there are any.")
