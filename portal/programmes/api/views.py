"""The announced programmes as JSON, with their calls, events and figures."""

from typing import ClassVar

from django.db.models import QuerySet
from rest_framework.viewsets import ReadOnlyModelViewSet

from portal.common.permissions import anybody
from portal.programmes.api.serializers import ProgrammeListSerializer, ProgrammeSerializer
from portal.programmes.models import Programme


class ProgrammeViewSet(ReadOnlyModelViewSet):
    """Activities, initiatives and programmes from their announcement on, the newest first."""

    policy: ClassVar = {"GET": anybody, "HEAD": anybody, "OPTIONS": anybody}
    queryset = Programme.objects.none()
    lookup_field = "public_id"
    lookup_value_regex = "[0-9A-Z]+"

    def get_queryset(self) -> QuerySet[Programme]:
        found = Programme.objects.public().for_list().order_by("-announced_at", "-pk")
        return (
            found if self.action == "list" else found.prefetch_related("calls__criteria", "calls__questions", "events")
        )

    def get_serializer_class(self) -> type[ProgrammeListSerializer]:
        return ProgrammeListSerializer if self.action == "list" else ProgrammeSerializer
