"""Reading the directory and one's own advice; asking and answering through the same actions as the pages."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from cities.models import Demand
from matching.experts import actions
from matching.experts.api import serializers
from matching.experts.forms import DirectoryFilter
from matching.experts.models import Advice, Expert
from matching.experts.rules import can_answer_advice
from matching.models import Match
from portal.common.errors import NotAllowed
from portal.common.ordering import by_name
from portal.common.permissions import anybody, signed_in
from portal.common.serializers import named, query_parameters, valid

REFERENCE = "[0-9A-Z]+"
QUERY = {
    "topic": "Code of a topic.",
    "language": "Language that the expert reads and writes.",
    "free": "Any value: only who can take a request now.",
}


class ExpertViewSet(ReadOnlyModelViewSet):
    """Experts who agreed to be shown; moderators see the others, too. The list takes the query of the page."""

    policy: ClassVar = {"GET": anybody, "HEAD": anybody, "OPTIONS": anybody}
    queryset = Expert.objects.none()
    serializer_class = serializers.ExpertSerializer
    lookup_field = "public_id"
    lookup_value_regex = REFERENCE

    def get_queryset(self) -> QuerySet[Expert]:
        found = Expert.objects.visible_to(self.request.user).active().with_workload()
        return found.select_related("user", "employer").prefetch_related("topics").order_by(*by_name("user__name"))

    @extend_schema(parameters=query_parameters(QUERY))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """400 with the fields in question where a filter is not valid: a program must not take all for some."""
        form = DirectoryFilter(request.query_params)
        if not form.is_valid():
            return Response({"code": "invalid_filter", "detail": form.errors}, status=400)
        page = self.paginate_queryset(form.apply(self.get_queryset(), timezone.localdate()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class AdviceViewSet(ReadOnlyModelViewSet):
    """What the caller was asked, or asked for its city; all of it for ICLEI."""

    policy: ClassVar = {"GET": signed_in, "HEAD": signed_in, "OPTIONS": signed_in, "POST": signed_in}
    queryset = Advice.objects.none()
    serializer_class = serializers.AdviceSerializer
    lookup_field = "public_id"
    lookup_value_regex = REFERENCE

    def get_queryset(self) -> QuerySet[Advice]:
        return Advice.objects.visible_to(self.request.user).with_records().order_by("-state_since", "-pk")

    def get_serializer_class(self) -> type[serializers.AdviceSerializer]:
        return serializers.AdviceDetailSerializer if self.action == "retrieve" else serializers.AdviceSerializer

    @extend_schema(request=serializers.AskAdviceSerializer, responses={201: serializers.AdviceSerializer})
    def create(self, request: Request) -> Response:
        """Ask: members of a city on its own demand or a match it sees, and moderators who are not tied to a party."""
        given = valid(serializers.AskAdviceSerializer(data=request.data))
        user = request.user
        seen = {
            "expert": Expert.objects.visible_to(user).active(),
            "demand": Demand.objects.visible_to(user),
            "match": Match.objects.visible_to(user),
        }
        given |= {name: named(rows, name, given[name]) for name, rows in seen.items() if name in given}
        return Response(self.get_serializer(actions.ask_for_advice(by=user, **given)).data, status=201)

    @extend_schema(request=OpenApiTypes.NONE, responses=serializers.AdviceSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, public_id: str) -> Response:
        """Take it on: for the expert who was asked and is not tied to a party."""
        return self._done(actions.accept_advice(by=request.user, advice=self.get_object()))

    @extend_schema(request=serializers.DeclineAdviceSerializer, responses=serializers.AdviceSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, public_id: str) -> Response:
        """Say no, with a reason that whoever asked reads."""
        return self._answered(request, serializers.DeclineAdviceSerializer, actions.decline_advice)

    @extend_schema(request=serializers.GiveAdviceSerializer, responses=serializers.AdviceSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, public_id: str) -> Response:
        """The advice, with the declaration that belongs to it. It was taken on before."""
        return self._answered(request, serializers.GiveAdviceSerializer, actions.answer_advice)

    @extend_schema(request=OpenApiTypes.NONE, responses=serializers.AdviceSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, public_id: str) -> Response:
        """The question is not needed any more: for whoever asked, and colleagues in the city."""
        return self._done(actions.withdraw_advice(by=request.user, advice=self.get_object()))

    def _answered(self, request: Request, form: type[Serializer], act: Callable[..., Advice]) -> Response:
        """By the expert who was asked; nobody else learns what an answer has to hold."""
        advice: Advice = self.get_object()
        if not can_answer_advice(request.user, advice):
            raise NotAllowed
        return self._done(act(by=request.user, advice=advice, **valid(form(data=request.data))))

    def _done(self, advice: Advice) -> Response:
        return Response(self.get_serializer(advice).data)
