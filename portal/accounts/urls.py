from django.urls import path

from portal.accounts import views

app_name = "accounts"

urlpatterns = [
    path("account/", views.account_edit, name="account-edit"),
    path("organisations/<str:public_id>/", views.organisation_detail, name="organisation-detail"),
    path("organisations/<str:public_id>/edit/", views.organisation_edit, name="organisation-edit"),
    path("organisations/<str:public_id>/ask/", views.verification_ask, name="verification-ask"),
]
