from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from portal.common.permissions import signed_in
from portal.common.serializers import query_parameters
from portal.notices.actions import mark_all_read, mark_read
from portal.notices.api.serializers import NoticeSerializer
from portal.notices.models import Notice

QUERY = {"unread": "Any value: only those that were not read yet."}


class NoticeViewSet(ReadOnlyModelViewSet):
    """What the caller was told, the newest first."""

    policy: ClassVar = {"GET": signed_in, "HEAD": signed_in, "OPTIONS": signed_in, "POST": signed_in}
    queryset = Notice.objects.none()
    serializer_class = NoticeSerializer
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Notice]:
        mine: QuerySet[Notice] = Notice.objects.visible_to(self.request.user)
        return mine.filter(read_at=None) if self.request.query_params.get("unread") else mine

    @extend_schema(parameters=query_parameters(QUERY))
    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=OpenApiTypes.NONE, responses=NoticeSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """Mark it as read; of a kind that is shown as a count, all that the count stood for."""
        notice: Notice = self.get_object()
        mark_read(notice=notice)
        notice.refresh_from_db()
        return Response(self.get_serializer(notice).data)

    @extend_schema(request=OpenApiTypes.NONE, responses={200: OpenApiTypes.OBJECT})
    @action(detail=False, methods=["post"], url_path="read-all", url_name="read-all")
    def read_all(self, request: Request) -> Response:
        """Mark all as read; says how many were not."""
        return Response({"read": mark_all_read(user=request.user)})
