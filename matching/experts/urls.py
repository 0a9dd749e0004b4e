from django.urls import path

from matching.experts import views

urlpatterns = [
    path("experts/", views.expert_list, name="expert-list"),
    path("experts/invite/", views.expert_invite, name="expert-invite"),
    path("experts/me/", views.expert_edit, name="expert-edit"),
    path("experts/join/<str:token>/", views.expert_join, name="expert-join"),
    path("experts/<str:public_id>/", views.expert_detail, name="expert-detail"),
    path("experts/<str:public_id>/remove/", views.expert_remove, name="expert-remove"),
    path("advice/", views.advice_list, name="advice-list"),
    path("advice/ask/<str:kind>/<str:public_id>/", views.advice_choose, name="advice-choose"),
    path("advice/ask/<str:kind>/<str:public_id>/<str:expert_id>/", views.advice_ask, name="advice-ask"),
    path("advice/<str:public_id>/", views.advice_detail, name="advice-detail"),
]
