"""Reading for the cities of a pool and ICLEI; asking, joining and answering through the same actions as the pages."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from cities.coach.forms import InviteForm
from cities.coach.models import Pool, PoolMember
from cities.coach.pool_actions import begin_pool, decline_pool, invite_to_pool, join_pool, leave_pool
from cities.coach.rules import can_invite_to_pool
from cities.models import Demand
from matching.models import Match
from matching.pooling.answer_actions import answer_in_pool
from matching.pooling.api import serializers
from matching.pooling.consents import consents
from portal.common.errors import NotAllowed
from portal.common.permissions import signed_in
from portal.common.serializers import named, valid


class PoolViewSet(ReadOnlyModelViewSet):
    """Pooled demands to which the caller’s city belongs or is asked, and all of them for ICLEI."""

    policy: ClassVar = {"GET": signed_in, "HEAD": signed_in, "OPTIONS": signed_in, "POST": signed_in}
    queryset = Pool.objects.none()
    serializer_class = serializers.PoolSerializer
    lookup_field = "public_id"
    lookup_value_regex = "[0-9A-Z]+"

    def get_queryset(self) -> QuerySet[Pool]:
        members = PoolMember.objects.select_related("demand__organisation", "pool__demand").order_by("pk")
        found = Pool.objects.visible_to(self.request.user).select_related("demand__organisation")
        return found.prefetch_related(Prefetch("members", members)).order_by("-created_at", "-pk")

    @extend_schema(request=serializers.BeginSerializer, responses={201: serializers.PoolSerializer})
    def create(self, request: Request) -> Response:
        """Begin a pool with a demand of one’s own: for those who speak for the city. Others are asked afterwards."""
        given = valid(serializers.BeginSerializer(data=request.data))
        own = Demand.objects.visible_to(request.user).of_organisations(request.user.organisation_ids)
        demand = named(own, "demand", given["demand"])
        return self._shown(begin_pool(by=request.user, demand=demand), 201)

    @extend_schema(request=serializers.InviteSerializer, responses={201: serializers.PoolSerializer})
    @action(detail=True, methods=["post"])
    def invite(self, request: Request, public_id: str) -> Response:
        """Ask another city: for those who speak for the city that leads."""
        pool = self.get_object()
        if not can_invite_to_pool(request.user, pool):
            raise NotAllowed
        given = valid(serializers.InviteSerializer(data=request.data))
        form = InviteForm(given)
        if not form.is_valid():
            raise ValidationError(form.errors)
        invite_to_pool(by=request.user, pool=pool, **form.cleaned_data)
        return self._shown(pool, 201)

    @extend_schema(request=serializers.MoveSerializer, responses=serializers.PoolSerializer)
    @action(detail=True, methods=["post"])
    def join(self, request: Request, public_id: str) -> Response:
        """The yes of a city that was asked: its demand is continued in the pooled one once that is public."""
        return self._moved(request, join_pool)

    @extend_schema(request=serializers.MoveSerializer, responses=serializers.PoolSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, public_id: str) -> Response:
        """The no of a city that was asked: its own demand stays as it is."""
        return self._moved(request, decline_pool)

    @extend_schema(request=serializers.MoveSerializer, responses=serializers.PoolSerializer)
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, public_id: str) -> Response:
        """Go one’s own way again."""
        return self._moved(request, leave_pool)

    @extend_schema(responses=serializers.PoolAnswerSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def answers(self, request: Request, public_id: str) -> Response:
        """What each city that does not lead says to each proposal that the caller may see."""
        return Response(serializers.PoolAnswerSerializer(_answers(request, self.get_object()), many=True).data)

    @extend_schema(request=serializers.SaySerializer, responses=serializers.PoolAnswerSerializer(many=True))
    @answers.mapping.post
    def say(self, request: Request, public_id: str) -> Response:
        """Yes or no to a proposal, for those who speak for a city of the pool; until the city that leads answers."""
        pool, given = self.get_object(), valid(serializers.SaySerializer(data=request.data))
        match = get_object_or_404(_proposals(request, pool), public_id=given["match"])
        answer_in_pool(by=request.user, match=match, agrees=given["agrees"])
        return Response(serializers.PoolAnswerSerializer(_answers(request, pool), many=True).data)

    def _moved(self, request: Request, move: Callable[..., Any]) -> Response:
        pool, given = self.get_object(), valid(serializers.MoveSerializer(data=request.data))
        members = PoolMember.objects.select_related("demand", "pool")
        move(by=request.user, member=get_object_or_404(members, pool=pool, demand__public_id=given["demand"]))
        return self._shown(pool)

    def _shown(self, pool: Pool, status: int = 200) -> Response:
        """Read anew: the members have changed."""
        return Response(self.get_serializer(self.get_queryset().get(pk=pool.pk)).data, status=status)


def _proposals(request: Request, pool: Pool) -> QuerySet[Match]:
    found: QuerySet[Match] = Match.objects.visible_to(request.user).with_records().filter(demand=pool.demand_id)
    return found.order_by("pk")


def _answers(request: Request, pool: Pool) -> Iterator[dict[str, Any]]:
    for match in _proposals(request, pool):
        for one in consents(match):
            said = one.answer
            yield {
                "match": match.public_id, "city": one.organisation.name, "agrees": said.agrees if said else None,
                "at": said.at if said else None,
            }  # fmt: skip
