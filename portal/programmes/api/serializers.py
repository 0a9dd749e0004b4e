"""Programmes as the API gives them. Explicit fields: nothing of an application or a juror is among them."""

from django.conf import settings
from rest_framework import serializers

from portal.common.serializers import Texts
from portal.programmes.models import Call, CallCriterion, Event, Partner, Programme


class CallCriterionSerializer(serializers.ModelSerializer):
    class Meta:
        model = CallCriterion
        fields = ("title", "weight")


class CallSerializer(serializers.ModelSerializer):
    reference = serializers.CharField(source="public_id")
    title = Texts()
    about = Texts()
    criteria = CallCriterionSerializer(many=True)
    questions = serializers.SlugRelatedField(slug_field="text", read_only=True, many=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Call
        fields = ("reference", "side", "title", "about", "deadline", "zone", "places", "criteria", "questions", "url")

    def get_url(self, call: Call) -> str:
        return f"{settings.SITE_URL}/{call.original_language}/calls/{call.public_id}/"


class EventSerializer(serializers.ModelSerializer):
    reference = serializers.CharField(source="public_id")
    title = Texts()
    about = Texts()

    class Meta:
        model = Event
        fields = ("reference", "title", "about", "starts_at", "ends_at", "zone", "place", "languages", "state")


class PartnerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Partner
        fields = ("name", "role", "website")


class ProgrammeListSerializer(serializers.ModelSerializer):
    reference = serializers.CharField(source="public_id")
    title = Texts()
    summary = Texts()
    focus_areas = serializers.SlugRelatedField(slug_field="code", read_only=True, many=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Programme
        fields = (
            "reference", "kind", "state", "title", "summary", "original_language", "focus_areas", "regions",
            "starts_on", "ends_on", "announced_at", "results_at", "is_demo", "url",
        )  # fmt: skip

    def get_url(self, programme: Programme) -> str:
        return f"{settings.SITE_URL}/{programme.original_language}/programmes/{programme.public_id}/"


class ProgrammeSerializer(ProgrammeListSerializer):
    about = Texts()
    report = Texts()
    calls = CallSerializer(many=True)
    events = EventSerializer(many=True)
    partners = PartnerSerializer(many=True)

    class Meta(ProgrammeListSerializer.Meta):
        fields = (
            *ProgrammeListSerializer.Meta.fields, "about", "calls", "events", "partners", "report", "report_figures",
        )  # fmt: skip
