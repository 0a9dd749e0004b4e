from django.urls import path

from cities.coach import views

app_name = "pools"

urlpatterns = [
    path("demands/<str:public_id>/pool/", views.pool_new, name="pool-new"),
    path("pools/<str:public_id>/", views.pool_detail, name="pool-detail"),
    path("pools/<str:public_id>/invite/", views.pool_invite, name="pool-invite"),
    path("pools/<str:public_id>/members/<int:pk>/<slug:move>/", views.member_decide, name="member-decide"),
]
