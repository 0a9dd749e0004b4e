"""Announced programmes, calls and events as JSON; applications of the caller's organisation, read and written."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from catalog.models import Solution
from cities.models import Demand
from portal.accounts.models import Organisation
from portal.common.permissions import anybody, signed_in
from portal.common.serializers import query_parameters, valid
from portal.programmes.api import serializers as made
from portal.programmes.application_actions import (
    start_application,
    submit_application,
    withdraw_application,
    write_application,
)
from portal.programmes.enums import Side
from portal.programmes.event_actions import give_up_seat, register_for_event
from portal.programmes.models import Application, Call, Event, Programme, Seat
from portal.programmes.reporting import result_rows
from portal.programmes.states import DECIDED, PUBLIC

REFERENCE = "[0-9A-Z]+"
PUBLIC_READ: dict[str, Any] = {"GET": anybody, "HEAD": anybody, "OPTIONS": anybody}
OWN_READ: dict[str, Any] = {"GET": signed_in, "HEAD": signed_in, "OPTIONS": signed_in}
CALL_PARTS = ("criteria__call__programme", "questions__call__programme")


class InProgrammes(ReadOnlyModelViewSet):
    """What every serializer here needs to know: the moment, and the caller's own seats."""

    lookup_field = "public_id"
    lookup_value_regex = REFERENCE

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "now": timezone.now(), "seats": self._seats()}

    def _seats(self) -> dict[int, str]:
        user = getattr(self.request, "user", None)  # no request while the schema is written
        if user is None or not user.is_authenticated:
            return {}
        return dict(Seat.objects.filter(user=user).exclude(state="cancelled").values_list("event", "state"))


class ProgrammeViewSet(InProgrammes):
    """Activities, initiatives and programmes from their announcement on, the newest first."""

    policy: ClassVar = PUBLIC_READ
    queryset = Programme.objects.none()

    def get_queryset(self) -> QuerySet[Programme]:
        found = Programme.objects.public().for_list().order_by("-announced_at", "-pk")
        if self.action == "results":
            return found.filter(state__in=DECIDED)
        parts = ("calls__criteria", "calls__questions", "events", "partners", "milestones", "demands", "solutions")
        return found if self.action == "list" else found.prefetch_related(*parts)

    def get_serializer_class(self) -> type[BaseSerializer]:
        return made.ProgrammeListSerializer if self.action == "list" else made.ProgrammeSerializer

    @extend_schema(responses=made.ResultSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def results(self, request: Request, public_id: str) -> Response:
        """Who was accepted in each call, the best first; 404 before the results are published."""
        return Response(made.ResultSerializer(result_rows(self.get_object()), many=True).data)


CALL_QUERY = {"open": "Any value: only calls that take applications now.", "side": "demand or solution."}


class CallViewSet(InProgrammes):
    """Calls of announced programmes, with their rules, the next to close first."""

    policy: ClassVar = {**PUBLIC_READ, "POST": signed_in}
    queryset = Call.objects.none()
    serializer_class = made.CallSerializer

    def get_queryset(self) -> QuerySet[Call]:
        found = Call.objects.filter(programme__state__in=PUBLIC)
        query = self.request.query_params
        if self.action == "list" and query.get("open"):
            found = Call.objects.open()
        if self.action == "list" and query.get("side") in Side.values:
            found = found.filter(side=query["side"])
        return found.select_related("programme").prefetch_related(*CALL_PARTS).order_by("deadline", "pk")

    @extend_schema(parameters=query_parameters(CALL_QUERY))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=made.StartSerializer, responses={201: made.ApplicationSerializer})
    @action(detail=True, methods=["post"])
    def applications(self, request: Request, public_id: str) -> Response:
        """Begin an application as a draft; the one that exists for the record is returned as it is."""
        call, given = self.get_object(), valid(made.StartSerializer(data=request.data))
        subject = _own_record(request, call, given["record"])
        key = subject.organisation_id if isinstance(subject, Demand) else subject.provider.organisation_id
        begun = start_application(
            by=request.user, call=call, organisation=Organisation.objects.get(pk=key), subject=subject,
            language=given["language"],
        )  # fmt: skip
        return Response(made.ApplicationSerializer(begun, context=self.get_serializer_context()).data, status=201)


def _own_record(request: Request, call: Call, reference: str) -> Any:
    own = request.user.organisation_ids
    if call.side == Side.DEMAND:
        found = Demand.objects.live().filter(organisation__in=own, public_id=reference).first()
    else:
        listed = Solution.objects.listed().select_related("provider")
        found = listed.filter(provider__organisation__in=own, public_id=reference).first()
    if found is None:
        raise ValidationError({"record": [gettext("No published demand or solution has this reference.")]})
    return found


class EventViewSet(InProgrammes):
    """Events of announced programmes, the next first."""

    policy: ClassVar = {**PUBLIC_READ, "POST": signed_in}
    queryset = Event.objects.none()
    serializer_class = made.EventSerializer

    def get_queryset(self) -> QuerySet[Event]:
        return Event.objects.filter(programme__state__in=PUBLIC).select_related("programme")

    @extend_schema(request=OpenApiTypes.NONE, responses=made.SeatSerializer)
    @action(detail=True, methods=["post"])
    def register(self, request: Request, public_id: str) -> Response:
        """A place, or one on the waiting list when all are taken. The event then tells its link."""
        seat = register_for_event(by=request.user, event=self.get_object())
        return Response(made.SeatSerializer({"seat": seat.state}).data)

    @extend_schema(request=OpenApiTypes.NONE, responses=made.SeatSerializer)
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, public_id: str) -> Response:
        """Give the place to whoever waits longest."""
        seat = give_up_seat(by=request.user, event=self.get_object())
        return Response(made.SeatSerializer({"seat": seat.state}).data)


class ApplicationViewSet(InProgrammes):
    """Applications of the caller's organisations, and those handed in for programme managers. Never for jurors."""

    policy: ClassVar = {**OWN_READ, "POST": signed_in}
    queryset = Application.objects.none()

    def get_queryset(self) -> QuerySet[Application]:
        return Application.objects.visible_to(self.request.user).with_records().order_by("-updated_at", "-pk")

    def get_serializer_class(self) -> type[BaseSerializer]:
        return made.ApplicationListSerializer if self.action == "list" else made.ApplicationSerializer

    @extend_schema(request=made.WriteSerializer, responses=made.ApplicationSerializer)
    @action(detail=True, methods=["post"])
    def answers(self, request: Request, public_id: str) -> Response:
        """Save all answers; what is submitted stays submitted. 409 where a colleague has saved meanwhile."""
        application, given = self.get_object(), valid(made.WriteSerializer(data=request.data))
        answers = {str(row["question"]): row["text"] for row in given["answers"]}
        written = write_application(
            by=request.user, application=application, answers=answers, language=given["language"],
            version=given["version"],
        )  # fmt: skip
        return Response(self.get_serializer(written).data)

    @extend_schema(request=OpenApiTypes.NONE, responses=made.ApplicationSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, public_id: str) -> Response:
        """Hand it in, until the deadline: for approvers of the organisation."""
        return Response(self.get_serializer(submit_application(by=request.user, application=self.get_object())).data)

    @extend_schema(request=OpenApiTypes.NONE, responses=made.ApplicationSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, public_id: str) -> Response:
        """Take it back, until the results are published: for approvers of the organisation."""
        return Response(self.get_serializer(withdraw_application(by=request.user, application=self.get_object())).data)
