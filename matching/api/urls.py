from django.urls import path
from rest_framework.routers import SimpleRouter

from matching.api.views import GapView, MatchViewSet

router = SimpleRouter()
router.register("matches", MatchViewSet, basename="match")

urlpatterns = [*router.urls, path("gap/", GapView.as_view(), name="gap-api")]
