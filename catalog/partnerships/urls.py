from django.urls import path

from catalog.partnerships import views

app_name = "partnerships"

urlpatterns = [
    path("providers/<str:public_id>/partnerships/", views.agreement_list, name="agreement-list"),
    path("providers/<str:public_id>/partnerships/<int:pk>/end/", views.agreement_end, name="agreement-end"),
]
