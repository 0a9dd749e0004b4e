from django.urls import path

from catalog.views import browse, moves

app_name = "catalog"

urlpatterns = [
    path("solutions/", browse.solution_list, name="solution-list"),
    path("solutions/download.<str:kind>", browse.solution_download, name="solution-download"),
    path("solutions/<str:public_id>/", browse.solution_detail, name="solution-detail"),
    path("solutions/<str:public_id>/move/<slug:move>/", moves.solution_move, name="solution-move"),
    path("providers/<str:public_id>/", browse.provider_detail, name="provider-detail"),
]
