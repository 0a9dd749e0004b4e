"""The JSON API, version 1: the routers of the apps, the OpenAPI schema, and a page that explains both."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularYAMLAPIView
from rest_framework.routers import SimpleRouter

from catalog.api.views import CriterionViewSet, FocusAreaViewSet, SolutionViewSet, TopicViewSet
from cities.api.views import DemandViewSet
from matching.api.views import GapView, MatchViewSet
from matching.experts.api.views import AdviceViewSet, ExpertViewSet
from matching.introductions.api.views import IntroductionViewSet, MeetingViewSet, PackViewSet, QuestionViewSet
from matching.pooling.api.views import PoolViewSet
from portal.notices.api.views import NoticeViewSet
from portal.openapi import KeptSchemaGenerator
from portal.programmes.api.views import ApplicationViewSet, CallViewSet, EventViewSet, ProgrammeViewSet
from portal.translating.api import DraftView, TranslationView

router = SimpleRouter()
router.register("demands", DemandViewSet, basename="api-demand")
router.register("solutions", SolutionViewSet, basename="api-solution")
router.register("matches", MatchViewSet, basename="api-match")
router.register("programmes", ProgrammeViewSet, basename="api-programme")
router.register("calls", CallViewSet, basename="api-call")
router.register("events", EventViewSet, basename="api-event")
router.register("applications", ApplicationViewSet, basename="api-application")
router.register("packs", PackViewSet, basename="api-pack")
router.register("questions", QuestionViewSet, basename="api-question")
router.register("introductions", IntroductionViewSet, basename="api-introduction")
router.register("meetings", MeetingViewSet, basename="api-meeting")
router.register("experts", ExpertViewSet, basename="api-expert")
router.register("advice", AdviceViewSet, basename="api-advice")
router.register("pools", PoolViewSet, basename="api-pool")
router.register("notices", NoticeViewSet, basename="api-notice")
router.register("focus-areas", FocusAreaViewSet, basename="api-focus-area")
router.register("topics", TopicViewSet, basename="api-topic")
router.register("criteria", CriterionViewSet, basename="api-criterion")

urlpatterns = [
    *router.urls,
    path("gap/", GapView.as_view(), name="api-gap"),
    path(
        "translations/<slug:kind>/<str:public_id>/<slug:language>/", TranslationView.as_view(), name="api-translation"
    ),
    path(
        "translations/<slug:kind>/<str:public_id>/<slug:language>/draft/",
        DraftView.as_view(),
        name="api-translation-draft",
    ),
    path("schema.json", SpectacularJSONAPIView.as_view(), name="api-schema"),
    path("schema.yaml", SpectacularYAMLAPIView.as_view(), name="api-schema-yaml"),
]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """What can be read, with which query, as the schema says it; nothing on it comes from elsewhere."""
    schema = KeptSchemaGenerator().get_schema()
    return render(request, "pages/api_docs.html", {"operations": list(_operations(schema)), "info": schema["info"]})


def _operations(schema: dict[str, Any]) -> Any:
    for address, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield {
                "address": address,
                "method": method.upper(),
                "description": operation.get("description", ""),
                "parameters": [row for row in operation.get("parameters", ()) if row["in"] == "query"],
            }
