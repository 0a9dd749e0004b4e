"""Programmes as the API gives them. Explicit fields: nothing of a juror, a verdict or a guest is among them."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.common.serializers import Texts
from portal.programmes.enums import ApplicationState
from portal.programmes.models import (
    Application,
    Call,
    CallCriterion,
    CallQuestion,
    Event,
    Milestone,
    Partner,
    Programme,
)
from portal.programmes.results import points_of
from portal.programmes.rules import is_decided, is_open, state_for


def address(language: str, path: str) -> str:
    return f"{settings.SITE_URL}/{language}/{path}/"


class CallCriterionSerializer(serializers.ModelSerializer):
    title = Texts()

    class Meta:
        model = CallCriterion
        fields = ("title", "weight")


class CallQuestionSerializer(serializers.ModelSerializer):
    """``id`` is what an answer is given to."""

    text = Texts()

    class Meta:
        model = CallQuestion
        fields = ("id", "text", "is_required")


class CallSerializer(serializers.ModelSerializer):
    """``is_open``: whether it takes applications at this moment."""

    reference = serializers.CharField(source="public_id")
    programme = serializers.CharField(source="programme.public_id")
    title = Texts()
    about = Texts()
    criteria = CallCriterionSerializer(many=True)
    questions = CallQuestionSerializer(many=True)
    is_open = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Call
        fields = (
            "reference", "programme", "side", "title", "about", "opens_at", "deadline", "zone", "is_open", "places",
            "criteria", "questions", "url",
        )  # fmt: skip

    def get_is_open(self, call: Call) -> bool:
        return is_open(call, self.context["now"])

    def get_url(self, call: Call) -> str:
        return address(call.original_language, f"calls/{call.public_id}")


class EventSerializer(serializers.ModelSerializer):
    """``seat`` is the caller's own: registered, waiting or empty; ``link`` is told to those registered."""

    reference = serializers.CharField(source="public_id")
    programme = serializers.CharField(source="programme.public_id")
    title = Texts()
    about = Texts()
    url = serializers.SerializerMethodField()
    seat = serializers.SerializerMethodField()
    link = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = (
            "reference", "programme", "title", "about", "starts_at", "ends_at", "zone", "place", "languages",
            "capacity", "state", "seat", "link", "url",
        )  # fmt: skip

    def get_url(self, event: Event) -> str:
        return address(event.original_language, f"events/{event.public_id}")

    def get_seat(self, event: Event) -> str:
        """Rows of one list ask once: see ``EventViewSet``."""
        seat: str = self.context["seats"].get(event.pk, "")
        return seat

    def get_link(self, event: Event) -> str:
        return event.link if self.get_seat(event) == "registered" else ""


class SeatSerializer(serializers.Serializer):
    """What became of the caller's place: registered, waiting or cancelled."""

    seat = serializers.CharField()


class PartnerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Partner
        fields = ("name", "role", "website")


class MilestoneSerializer(serializers.ModelSerializer):
    title = Texts()

    class Meta:
        model = Milestone
        fields = ("title", "due_on")


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
            "starts_on", "ends_on", "announced_at", "results_at", "reported_at", "is_demo", "url",
        )  # fmt: skip

    def get_url(self, programme: Programme) -> str:
        return address(programme.original_language, f"programmes/{programme.public_id}")


class ProgrammeSerializer(ProgrammeListSerializer):
    about = Texts()
    report = Texts()
    calls = CallSerializer(many=True)
    events = EventSerializer(many=True)
    partners = PartnerSerializer(many=True)
    milestones = MilestoneSerializer(many=True)
    demands = serializers.SlugRelatedField(slug_field="public_id", read_only=True, many=True)
    solutions = serializers.SlugRelatedField(slug_field="public_id", read_only=True, many=True)

    class Meta(ProgrammeListSerializer.Meta):
        fields = (
            *ProgrammeListSerializer.Meta.fields, "about", "calls", "events", "partners", "milestones", "demands",
            "solutions", "report", "report_figures",
        )  # fmt: skip


class ResultSerializer(serializers.Serializer):
    """Somebody accepted. Who was not is told that themselves and stands nowhere."""

    call = serializers.CharField(source="reference")
    organisation = serializers.CharField()
    country = serializers.CharField()
    record = serializers.CharField()
    place = serializers.IntegerField(allow_null=True)
    score = serializers.FloatField(allow_null=True)


class AnswerSerializer(serializers.Serializer):
    question = serializers.IntegerField()
    text = serializers.CharField(allow_blank=True, max_length=6000)


class CriterionPointsSerializer(serializers.Serializer):
    criterion = serializers.CharField()
    mean = serializers.FloatField()
    comments = serializers.ListField(child=serializers.CharField())


class ApplicationListSerializer(serializers.ModelSerializer):
    """``state`` is what the caller may know now; ``version`` counts changes of the answers."""

    reference = serializers.CharField(source="public_id")
    call = serializers.CharField(source="call.public_id")
    organisation = serializers.CharField(source="organisation.public_id")
    record = serializers.CharField(source="record.public_id")
    state = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields = (
            "reference", "call", "organisation", "record", "number", "state", "language", "version", "submitted_at",
            "url",
        )  # fmt: skip

    def _state(self, application: Application) -> ApplicationState:
        return state_for(self.context["request"].user, application)

    @extend_schema_field(serializers.ChoiceField(choices=ApplicationState.choices))
    def get_state(self, application: Application) -> str:
        return self._state(application).value

    def get_url(self, application: Application) -> str:
        return address(application.language, f"applications/{application.public_id}")


class ApplicationSerializer(ApplicationListSerializer):
    """``reason``, ``note``, ``score`` and ``points`` come with the decision, and not before."""

    answers = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()
    score = serializers.SerializerMethodField()
    points = serializers.SerializerMethodField()

    class Meta(ApplicationListSerializer.Meta):
        fields = (*ApplicationListSerializer.Meta.fields, "answers", "reason", "note", "score", "points")

    @extend_schema_field(AnswerSerializer(many=True))
    def get_answers(self, application: Application) -> list[dict[str, Any]]:
        return [{"question": int(key), "text": text} for key, text in sorted(application.answers.items())]

    def _told(self, application: Application, value: str) -> str:
        return value if self._state(application) == application.state else ""

    def get_reason(self, application: Application) -> str:
        return self._told(application, application.reason)

    def get_note(self, application: Application) -> str:
        return self._told(application, application.note)

    def get_score(self, application: Application) -> float | None:
        return application.score if is_decided(application) else None

    @extend_schema_field(CriterionPointsSerializer(many=True))
    def get_points(self, application: Application) -> list[dict[str, Any]]:
        rows = points_of(application) if is_decided(application) else []
        return [{"criterion": row.title, "mean": round(mean, 2), "comments": words} for row, mean, words in rows]


class StartSerializer(serializers.Serializer):
    """``record``: reference of a published demand or solution of the caller's organisation."""

    record = serializers.CharField(max_length=12)
    language = serializers.ChoiceField(choices=settings.LANGUAGES)


class WriteSerializer(serializers.Serializer):
    """All answers at once. ``version`` is the one that was read: a colleague's later change is not overwritten."""

    answers = AnswerSerializer(many=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES)
    version = serializers.IntegerField(min_value=1)
