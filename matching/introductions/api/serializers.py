"""What the API gives and takes around introductions. Explicit fields, and no person in any of them."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from matching.introductions.meeting_actions import MOST_TIMES
from matching.introductions.models import Document, FollowUp, FollowUpAnswer, Meeting, Pack, Question
from matching.introductions.rules import can_read_asker, can_read_draft, can_read_note, can_see_clean_file
from matching.models import Introduction, Message
from portal.common.serializers import Linked

ZONES = frozenset(available_timezones())


class DocumentSerializer(Linked):
    organisation = serializers.CharField(source="organisation.name", default=None, help_text="Who shared it.")

    class Meta:
        model = Document
        fields = ("reference", "name", "kind", "size", "sha256", "note", "organisation", "created_at", "url")


class QuestionSerializer(Linked):
    """Who asked stands only in what the asking organisation and ICLEI get."""

    demand = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    answer = serializers.SerializerMethodField(help_text="Empty for the asker until it is released to all.")
    asker = serializers.SerializerMethodField(help_text="For the asking organisation and ICLEI alone; else null.")
    asked_at = serializers.SerializerMethodField(help_text="For the asking organisation and ICLEI alone; else null.")
    reason = serializers.SerializerMethodField(help_text="Why it is not answered: for the asker and ICLEI alone.")
    note = serializers.SerializerMethodField(help_text="A moderator’s words to whoever has to act.")

    class Meta:
        model = Question
        fields = (
            "reference", "demand", "state", "text", "language", "answer", "answer_language", "released_at", "asker",
            "asked_at", "reason", "note", "url",
        )  # fmt: skip

    @property
    def _reader(self) -> Any:
        return self.context["request"].user

    def get_answer(self, question: Question) -> str:
        return question.answer if can_read_draft(self._reader, question) else ""

    def get_asker(self, question: Question) -> str | None:
        return question.organisation.name if can_read_asker(self._reader, question) else None

    def get_asked_at(self, question: Question) -> datetime | None:
        return question.asked_at if can_read_asker(self._reader, question) else None

    def get_reason(self, question: Question) -> str:
        return question.reason if can_read_asker(self._reader, question) else ""

    def get_note(self, question: Question) -> str:
        return question.note if can_read_note(self._reader, question) else ""


class PackListSerializer(serializers.ModelSerializer):
    demand = serializers.SlugRelatedField(slug_field="public_id", read_only=True)
    demand_version = serializers.IntegerField(source="demand.version")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Pack
        fields = ("demand", "demand_version", "questions_until", "zone", "url")

    def get_url(self, pack: Pack) -> str:
        return f"{settings.SITE_URL.rstrip('/')}{pack.get_absolute_url()}"


class PackSerializer(PackListSerializer):
    documents = serializers.SerializerMethodField()
    questions = serializers.SerializerMethodField(help_text="What was released to all, and the caller’s own.")
    clean_file = serializers.SerializerMethodField(help_text="Where the clean file is, for those who may read it.")

    class Meta(PackListSerializer.Meta):
        fields = (*PackListSerializer.Meta.fields, "documents", "questions", "clean_file")

    @extend_schema_field(DocumentSerializer(many=True))
    def get_documents(self, pack: Pack) -> Any:
        readable = Document.objects.visible_to(self.context["request"].user).filter(demand=pack.demand_id)
        return DocumentSerializer(readable.select_related("organisation"), many=True).data

    @extend_schema_field(QuestionSerializer(many=True))
    def get_questions(self, pack: Pack) -> Any:
        readable = Question.objects.visible_to(self.context["request"].user).with_records()
        return QuestionSerializer(readable.filter(demand=pack.demand_id), many=True, context=self.context).data

    @extend_schema_field(OpenApiTypes.URI)
    def get_clean_file(self, pack: Pack) -> str | None:
        if not can_see_clean_file(self.context["request"].user, pack.demand):
            return None
        return f"{settings.SITE_URL.rstrip('/')}/en/demands/{pack.demand.public_id}/clean-file.json"


class MeetingSerializer(Linked):
    introduction = serializers.CharField(source="introduction.match.public_id")
    proposed_by = serializers.CharField(source="organisation.name", default="ICLEI")
    times = serializers.SlugRelatedField(slug_field="starts_at", read_only=True, many=True)

    class Meta:
        model = Meeting
        fields = (
            "reference", "introduction", "state", "subject", "place", "minutes", "zone", "times", "starts_at",
            "proposed_by", "note", "sequence", "url",
        )  # fmt: skip


class MessageSerializer(serializers.ModelSerializer):
    organisation = serializers.CharField(source="organisation.name", default="ICLEI", read_only=True)
    at = serializers.DateTimeField(read_only=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES)

    class Meta:
        model = Message
        fields = ("organisation", "at", "language", "body")


class FollowUpAnswerSerializer(serializers.ModelSerializer):
    class Meta:
        model = FollowUpAnswer
        fields = ("side", "stage", "reached", "words", "language")


class FollowUpSerializer(serializers.ModelSerializer):
    answers = FollowUpAnswerSerializer(many=True)

    class Meta:
        model = FollowUp
        fields = ("months", "due_on", "asked_at", "answers")


class IntroductionListSerializer(serializers.ModelSerializer):
    reference = serializers.CharField(source="match.public_id")
    demand = serializers.CharField(source="match.demand.public_id")
    solution = serializers.CharField(source="match.solution.public_id")
    state = serializers.CharField(source="match.state")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Introduction
        fields = ("reference", "demand", "solution", "state", "introduced_at", "outcome", "outcome_at", "url")

    def get_url(self, introduction: Introduction) -> str:
        return f"{settings.SITE_URL.rstrip('/')}{introduction.get_absolute_url()}"


class IntroductionSerializer(IntroductionListSerializer):
    ocid = serializers.CharField(source="tender.ocid", default="", help_text="Of the tender that came of it.")
    documents = serializers.SerializerMethodField()
    meetings = serializers.SerializerMethodField()
    follow_ups = FollowUpSerializer(many=True)

    class Meta(IntroductionListSerializer.Meta):
        fields = (
            *IntroductionListSerializer.Meta.fields,
            "city_consent_at", "provider_consent_at", "outcome_reason", "outcome_value", "outcome_currency",
            "outcome_note", "tender_url", "ocid", "documents", "meetings", "follow_ups",
        )  # fmt: skip

    @extend_schema_field(DocumentSerializer(many=True))
    def get_documents(self, introduction: Introduction) -> Any:
        found = introduction.documents.present().select_related("organisation")
        return DocumentSerializer(found, many=True).data

    @extend_schema_field(MeetingSerializer(many=True))
    def get_meetings(self, introduction: Introduction) -> Any:
        return MeetingSerializer(introduction.meetings.with_records(), many=True).data


class AskSerializer(serializers.Serializer):
    body = serializers.CharField(max_length=3000)
    language = serializers.ChoiceField(choices=settings.LANGUAGES)


class MomentField(serializers.DateTimeField):
    """A moment in ISO 8601; without an offset it is UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


class ProposeSerializer(serializers.Serializer):
    subject = serializers.CharField(max_length=160)
    place = serializers.CharField(max_length=300)
    minutes = serializers.IntegerField(min_value=10, max_value=480)
    zone = serializers.CharField(max_length=60, help_text="IANA name of the zone in which the times were thought of.")
    times = serializers.ListField(child=MomentField(), min_length=1, max_length=MOST_TIMES)

    def validate_zone(self, value: str) -> str:
        if value not in ZONES:
            raise serializers.ValidationError("Not a time zone: use a name such as Asia/Seoul.", code="zone")
        return value


class ChooseSerializer(serializers.Serializer):
    starts_at = MomentField(help_text="One of the proposed times.")
