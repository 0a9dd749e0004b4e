from django.urls import path

from portal.translating import views

app_name = "translating"

urlpatterns = [
    path("demands/<str:public_id>/texts/", views.text_list, {"kind": "demand"}, name="demand-texts"),
    path(
        "demands/<str:public_id>/texts/<slug:language>/", views.text_edit, {"kind": "demand"}, name="demand-translate"
    ),
    path("solutions/<str:public_id>/texts/", views.text_list, {"kind": "solution"}, name="solution-texts"),
    path(
        "solutions/<str:public_id>/texts/<slug:language>/",
        views.text_edit,
        {"kind": "solution"},
        name="solution-translate",
    ),
]
