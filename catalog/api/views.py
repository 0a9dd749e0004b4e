"""The catalogue as JSON: listed solutions with the filters of the page, and the vocabulary both sides share."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from catalog.api.serializers import (
    CriterionSerializer,
    FocusAreaSerializer,
    SolutionListSerializer,
    SolutionSerializer,
    TopicSerializer,
)
from catalog.filters import SolutionFilter
from catalog.models import Criterion, FocusArea, Solution, Topic
from portal.common.permissions import anybody
from portal.common.serializers import query_parameters

READING = {"GET": anybody, "HEAD": anybody, "OPTIONS": anybody}
QUERY = {
    "q": "Words to search for; the last one also as a beginning.",
    "focus": "Code of a focus area.",
    "topic": "Code of a topic.",
    "place": "Country or region served: ISO 3166-1 alpha-2 code, UN M49 code, or a name in one of the languages.",
    "model": "Business model.",
    "evidence": "Least grade: documented, city_confirmed or third_party_verified.",
    "language": "Language of work.",
    "reference": "Any value: only solutions with a reference city.",
    "sort": "relevance (with q), newest or name.",
}


class SolutionViewSet(ReadOnlyModelViewSet):
    """Listed solutions. The list takes the query of the page."""

    policy: ClassVar = READING
    queryset = Solution.objects.none()
    lookup_field = "public_id"
    lookup_value_regex = "[0-9A-Z]+"

    def get_queryset(self) -> QuerySet[Solution]:
        listed = Solution.objects.listed_to(self.request.user)
        return listed.for_list() if self.action == "list" else listed.for_detail()

    def get_serializer_class(self) -> type[SolutionListSerializer]:
        return SolutionListSerializer if self.action == "list" else SolutionSerializer

    @extend_schema(parameters=query_parameters(QUERY, many=("focus",)))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """400 with the fields in question where a filter is not valid: a program must not take all for some."""
        form = SolutionFilter(request.query_params)
        if not form.is_valid():
            return Response({"code": "invalid_filter", "detail": form.errors}, status=400)
        page = self.paginate_queryset(form.apply(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class VocabularyViewSet(ReadOnlyModelViewSet):
    """All at once: the lists are short, and whoever reads one needs the whole."""

    policy: ClassVar = READING
    pagination_class = None
    lookup_field = "code"


class FocusAreaViewSet(VocabularyViewSet):
    """The six fields of work."""

    queryset = FocusArea.objects.all()
    serializer_class = FocusAreaSerializer


class TopicViewSet(VocabularyViewSet):
    """Subjects within the focus areas, with SDG targets and CPV divisions."""

    queryset = Topic.objects.select_related("focus_area")
    serializer_class = TopicSerializer


class CriterionViewSet(VocabularyViewSet):
    """What cities may ask for and providers may offer, with unit and direction."""

    queryset = Criterion.objects.all()
    serializer_class = CriterionSerializer
