from django.urls import path

from matching.coach import views

urlpatterns = [
    path("demands/<str:public_id>/passing/", views.demand_passing, name="demand-passing"),
    path("demands/<str:public_id>/brief/", views.demand_brief, name="demand-brief"),
    path("demands/<str:public_id>/brief.pdf", views.demand_brief_file, name="demand-brief-file"),
]
