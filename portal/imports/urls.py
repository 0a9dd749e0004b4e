from django.urls import path

from portal.imports import views

app_name = "imports"

urlpatterns = [
    path("own-list/", views.own_list, name="own-list"),
    path("own-list/check/", views.own_list_check, name="own-list-check"),
]
