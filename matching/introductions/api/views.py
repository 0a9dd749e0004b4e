"""Reading for the parties and ICLEI; writing through the same actions as the pages."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from matching.actions import post_message
from matching.introductions.api import serializers
from matching.introductions.meeting_actions import choose_time, propose_meeting
from matching.introductions.models import Meeting, Pack, Question
from matching.introductions.opening import note_pack_opened
from matching.introductions.question_actions import ask_question
from matching.introductions.rules import can_ask, can_choose_time, can_take_part
from matching.models import Introduction
from matching.rules import can_write_in
from portal.common.errors import NotAllowed
from portal.common.permissions import signed_in
from portal.common.serializers import valid

REFERENCE = "[0-9A-Z]+"
READ: dict[str, Any] = {"GET": signed_in, "HEAD": signed_in, "OPTIONS": signed_in}


class PackViewSet(ReadOnlyModelViewSet):
    """What everybody invited to a demand is told alike; one's own questions beside it. Reading one counts as opening.

    For the city, the invited providers and ICLEI.
    """

    policy: ClassVar = {**READ, "POST": signed_in}
    queryset = Pack.objects.none()
    lookup_field = "demand__public_id"
    lookup_url_kwarg = "public_id"
    lookup_value_regex = REFERENCE

    def get_queryset(self) -> QuerySet[Pack]:
        found = Pack.objects.visible_to(self.request.user).select_related("demand__organisation", "demand__city")
        return found.order_by("-demand__published_at", "-pk")

    def get_serializer_class(self) -> type[BaseSerializer]:
        return serializers.PackListSerializer if self.action == "list" else serializers.PackSerializer

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        pack = self.get_object()
        note_pack_opened(by=request.user, demand=pack.demand)
        return Response(self.get_serializer(pack).data)

    @extend_schema(request=serializers.AskSerializer, responses={201: serializers.QuestionSerializer})
    @action(detail=True, methods=["post"])
    def questions(self, request: Request, public_id: str) -> Response:
        """Ask the city, by way of a moderator. For invited providers; names and contacts are refused or masked."""
        pack = self.get_object()
        if not can_ask(request.user, pack.demand):
            raise NotAllowed
        given = valid(serializers.AskSerializer(data=request.data))
        question = ask_question(by=request.user, demand=pack.demand, **given)
        shown = serializers.QuestionSerializer(question, context=self.get_serializer_context())
        return Response(shown.data, status=201)


class QuestionViewSet(ReadOnlyModelViewSet):
    """What was released to all that the caller is invited to, and its own; all of them for the city and for ICLEI."""

    policy: ClassVar = READ
    queryset = Question.objects.none()
    serializer_class = serializers.QuestionSerializer
    lookup_field = "public_id"
    lookup_value_regex = REFERENCE

    def get_queryset(self) -> QuerySet[Question]:
        return Question.objects.visible_to(self.request.user).with_records().order_by("-asked_at", "-pk")


class MeetingViewSet(ReadOnlyModelViewSet):
    """Meetings of one's introductions, the times as moments."""

    policy: ClassVar = {**READ, "POST": signed_in}
    queryset = Meeting.objects.none()
    serializer_class = serializers.MeetingSerializer
    lookup_field = "public_id"
    lookup_value_regex = REFERENCE

    def get_queryset(self) -> QuerySet[Meeting]:
        return Meeting.objects.visible_to(self.request.user).with_records().order_by("-created_at", "-pk")

    @extend_schema(request=serializers.ChooseSerializer, responses=serializers.MeetingSerializer)
    @action(detail=True, methods=["post"])
    def choose(self, request: Request, public_id: str) -> Response:
        """Pick one of the proposed times: for the side that did not propose them."""
        meeting = self.get_object()
        if not can_choose_time(request.user, meeting):
            raise NotAllowed
        given = valid(serializers.ChooseSerializer(data=request.data))
        return Response(self.get_serializer(choose_time(by=request.user, meeting=meeting, **given)).data)


class IntroductionViewSet(ReadOnlyModelViewSet):
    """Introductions of the caller's organisations, or all for ICLEI: what came of them, documents, meetings."""

    policy: ClassVar = {**READ, "POST": signed_in}
    queryset = Introduction.objects.none()
    lookup_field = "match__public_id"
    lookup_url_kwarg = "public_id"
    lookup_value_regex = REFERENCE

    def get_queryset(self) -> QuerySet[Introduction]:
        found = Introduction.objects.visible_to(self.request.user).with_records().select_related("tender")
        return found.prefetch_related("follow_ups__answers").order_by("-introduced_at", "-pk")

    def get_serializer_class(self) -> type[BaseSerializer]:
        if self.action == "list":
            return serializers.IntroductionListSerializer
        return serializers.IntroductionSerializer

    @extend_schema(responses=serializers.MessageSerializer(many=True))
    @action(detail=True, methods=["get"])
    def messages(self, request: Request, public_id: str) -> Response:
        """The thread, the oldest first. Who wrote is told by organisation; names stand on the page."""
        page = self.paginate_queryset(self.get_object().messages.select_related("organisation"))
        return self.get_paginated_response(serializers.MessageSerializer(page, many=True).data)

    @extend_schema(request=serializers.MessageSerializer, responses={201: serializers.MessageSerializer})
    @messages.mapping.post
    def write(self, request: Request, public_id: str) -> Response:
        """Write to the other side; everybody else of both sides gets it as a mail."""
        introduction = self.get_object()
        if not can_write_in(request.user, introduction):
            raise NotAllowed
        given = valid(serializers.MessageSerializer(data=request.data))
        message = post_message(by=request.user, introduction=introduction, **given)
        return Response(serializers.MessageSerializer(message).data, status=201)

    @extend_schema(request=serializers.ProposeSerializer, responses={201: serializers.MeetingSerializer})
    @action(detail=True, methods=["post"])
    def meetings(self, request: Request, public_id: str) -> Response:
        """Propose up to five times for a meeting; the other side picks one."""
        introduction = self.get_object()
        if not can_take_part(request.user, introduction):
            raise NotAllowed
        given = valid(serializers.ProposeSerializer(data=request.data))
        meeting = propose_meeting(by=request.user, introduction=introduction, **given)
        made = get_object_or_404(Meeting.objects.with_records(), pk=meeting.pk)
        return Response(serializers.MeetingSerializer(made).data, status=201)
