"""Matches that the caller may see, its own answers to them, and the gap."""

from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from matching.actions import accept_for_city, accept_for_provider, decline_for_city, decline_for_provider
from matching.api.serializers import AcceptSerializer, DeclineMatchSerializer, MatchListSerializer, MatchSerializer
from matching.enums import CityDeclineReason, ProviderDeclineReason
from matching.filters import PlaceFilter
from matching.gap import Slice
from matching.models import Match
from matching.rules import can_answer_for_city, can_answer_for_provider
from matching.views.gap import about_file, file_rows
from portal.common.errors import NotAllowed
from portal.common.permissions import anybody, signed_in
from portal.common.serializers import valid


class MatchViewSet(ReadOnlyModelViewSet):
    """A city's and a provider's own matches from the state on in which they are told; all of them for ICLEI staff.

    Those who speak for a side answer here as on the page.
    """

    policy: ClassVar = {"GET": signed_in, "HEAD": signed_in, "OPTIONS": signed_in, "POST": signed_in}
    queryset = Match.objects.none()
    lookup_field = "public_id"
    lookup_value_regex = "[0-9A-Z]+"

    def get_queryset(self) -> QuerySet[Match]:
        visible = Match.objects.visible_to(self.request.user).with_records().select_related("introduction")
        return visible.order_by("-state_since", "-pk")

    def get_serializer_class(self) -> type[MatchListSerializer]:
        return MatchListSerializer if self.action == "list" else MatchSerializer

    @extend_schema(request=AcceptSerializer, responses=MatchSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, public_id: str) -> Response:
        """Yes: the city's invites the provider, the provider's introduces both. Contacts in the words are refused."""
        match = self._to_answer(request)
        given = valid(AcceptSerializer(data=request.data))
        act = accept_for_city if can_answer_for_city(request.user, match) else accept_for_provider
        act(by=request.user, match=match, **given)
        return self._shown(match)

    @extend_schema(request=DeclineMatchSerializer, responses=MatchSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, public_id: str) -> Response:
        """No, with a reason. The provider never learns of a city's no; the city and ICLEI read a provider's."""
        match = self._to_answer(request)
        is_city = can_answer_for_city(request.user, match)
        reasons = CityDeclineReason if is_city else ProviderDeclineReason
        given = valid(DeclineMatchSerializer(data=request.data, context={"reasons": reasons.values}))
        act = decline_for_city if is_city else decline_for_provider
        act(by=request.user, match=match, **given)
        return self._shown(match)

    def _to_answer(self, request: Request) -> Match:
        match: Match = self.get_object()
        if not (can_answer_for_city(request.user, match) or can_answer_for_provider(request.user, match)):
            raise NotAllowed
        return match

    def _shown(self, match: Match) -> Response:
        """As it stands now; what a side declined it sees still."""
        return Response(self.get_serializer(self.get_queryset().get(pk=match.pk)).data)


class GapView(APIView):
    """Open demand, live supply and what stays unmatched, by focus area, subregion and language.

    Takes the query of the page: focus, place, language. Figures below the disclosure floor are null.
    """

    policy: ClassVar = {"GET": anybody, "HEAD": anybody, "OPTIONS": anybody}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        form = PlaceFilter(request.query_params)
        if not form.is_valid():
            return Response({"code": "invalid_filter", "detail": form.errors}, status=400)
        rows = list(file_rows(Slice(**form.valid())))
        return Response({**about_file(request), "results": rows})
