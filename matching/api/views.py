"""Matches that the caller may see, and the gap."""

from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from matching.api.serializers import MatchListSerializer, MatchSerializer
from matching.filters import PlaceFilter
from matching.gap import Slice
from matching.models import Match
from matching.views.gap import about_file, file_rows
from portal.common.permissions import anybody, signed_in


class MatchViewSet(ReadOnlyModelViewSet):
    """A city's and a provider's own matches from the state on in which they are told; all of them for ICLEI staff."""

    policy: ClassVar = {"GET": signed_in, "HEAD": signed_in, "OPTIONS": signed_in}
    queryset = Match.objects.none()
    lookup_field = "public_id"
    lookup_value_regex = "[0-9A-Z]+"

    def get_queryset(self) -> QuerySet[Match]:
        visible = Match.objects.visible_to(self.request.user).with_records().select_related("introduction")
        return visible.order_by("-state_since", "-pk")

    def get_serializer_class(self) -> type[MatchListSerializer]:
        return MatchListSerializer if self.action == "list" else MatchSerializer


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
