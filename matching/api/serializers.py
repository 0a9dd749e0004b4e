"""Matches as the API gives them. Explicit fields, and no person in any of them: contacts stand on the page alone."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from matching.models import Decision, Match
from matching.timeline import concerning, side_of


class MatchListSerializer(serializers.ModelSerializer):
    reference = serializers.CharField(source="public_id")
    demand = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    solution = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    is_introduced = serializers.SerializerMethodField(help_text="Whether both sides have been put in touch.")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Match
        fields = (
            "reference", "state", "state_since", "respond_by", "demand", "demand_version", "solution",
            "solution_version", "origin", "points", "band", "position", "is_introduced", "url",
        )  # fmt: skip

    def get_is_introduced(self, match: Match) -> bool:
        return hasattr(match, "introduction")

    def get_url(self, match: Match) -> str:
        language = self.context["request"].user.language
        return f"{settings.SITE_URL.rstrip('/')}/{language}/matches/{match.public_id}/"


class DecisionSerializer(serializers.ModelSerializer):
    side = serializers.SerializerMethodField(help_text="city, provider, iclei or portal")

    class Meta:
        model = Decision
        fields = ("move", "to_state", "side", "at", "reason")

    def get_side(self, decision: Decision) -> str:
        return side_of(self.context["match"], decision)


class MatchSerializer(MatchListSerializer):
    place_by_score = serializers.IntegerField(
        source="result.rank", read_only=True, allow_null=True, default=None, help_text="`position` is the place shown."
    )
    moved = serializers.JSONField(help_text="Rule, start, end and values where the two places differ; else empty.")
    explanation = serializers.JSONField(source="result", help_text="Every verdict and contribution, as codes.")
    decisions = serializers.SerializerMethodField()

    class Meta(MatchListSerializer.Meta):
        fields = (
            *MatchListSerializer.Meta.fields,
            "place_by_score", "moved", "explanation", "decisions", "backend", "engine_version", "config_version",
            "computed_at",
        )  # fmt: skip

    def get_decisions(self, match: Match) -> list[dict[str, Any]]:
        """The steps that concern the caller."""
        steps = concerning(match, self.context["request"].user)
        found: list[dict[str, Any]] = DecisionSerializer(steps, many=True, context={"match": match}).data
        return found


class AcceptSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=2000, required=False, help_text="Words to the other side.")


class DeclineMatchSerializer(AcceptSerializer):
    """Reasons differ by side; ``reasons`` of the context are those of the caller's."""

    reason = serializers.CharField(help_text="A code; the answer to a wrong one names those that fit.")

    def validate_reason(self, value: str) -> str:
        known = self.context["reasons"]
        if value not in known:
            raise serializers.ValidationError(", ".join(known), code="reason")
        return value
