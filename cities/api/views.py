"""The published demands as JSON: the list with the filters of the page, and one demand."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from cities.api.serializers import DemandListSerializer, DemandSerializer
from cities.filters import DemandFilter
from cities.models import Demand
from portal.common.permissions import anybody
from portal.common.serializers import query_parameters

QUERY = {
    "q": "Words to search for; the last one also as a beginning.",
    "focus": "Code of a focus area.",
    "topic": "Code of a topic.",
    "place": "ISO 3166-1 alpha-2 code of a country, or UN M49 code of a region.",
    "stage": "Project stage.",
    "budget": "Band in euros: to-100k, 100k-1m, 1m-10m, from-10m.",
    "language": "Language of the original text.",
    "origin": "here or imported.",
    "open": "Any value: only demands that are open.",
    "sort": "relevance (with q), newest or decision.",
}


class DemandViewSet(ReadOnlyModelViewSet):
    """Demands that the caller may read: everybody the public ones, members of verified organisations a few more.

    The list takes the query of the page.
    """

    policy: ClassVar = {"GET": anybody, "HEAD": anybody, "OPTIONS": anybody}
    queryset = Demand.objects.none()
    lookup_field = "public_id"
    lookup_value_regex = "[0-9A-Z]+"

    def get_queryset(self) -> QuerySet[Demand]:
        published = Demand.objects.published_to(self.request.user)
        return published.for_list() if self.action == "list" else published.for_detail()

    def get_serializer_class(self) -> type[DemandListSerializer]:
        return DemandListSerializer if self.action == "list" else DemandSerializer

    @extend_schema(parameters=query_parameters(QUERY, many=("focus", "stage", "language")))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """400 with the fields in question where a filter is not valid: a program must not take all for some."""
        readable = self.get_queryset()
        form = DemandFilter(request.query_params, readable=readable)
        if not form.is_valid():
            return Response({"code": "invalid_filter", "detail": form.errors}, status=400)
        page = self.paginate_queryset(form.apply(readable))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
