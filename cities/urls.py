from django.urls import path

from cities.views import browse, moves, registration, wizard

app_name = "cities"

urlpatterns = [
    path("demands/", browse.demand_list, name="demand-list"),
    path("demands/download.<str:kind>", browse.demand_download, name="demand-download"),
    path("demands/new/", wizard.demand_new, name="demand-new"),
    path("demands/<str:public_id>/", browse.demand_detail, name="demand-detail"),
    path("demands/<str:public_id>/social.png", browse.demand_picture, name="demand-picture"),
    path("demands/<str:public_id>/edit/", wizard.demand_edit, name="demand-edit"),
    path("demands/<str:public_id>/edit/requirements/", wizard.demand_requirements, name="demand-requirements"),
    path("demands/<str:public_id>/edit/<slug:section>/", wizard.demand_section, name="demand-section"),
    path("demands/<str:public_id>/check/", wizard.demand_check, name="demand-check"),
    path("demands/<str:public_id>/submit/", wizard.demand_submit, name="demand-submit"),
    path("demands/<str:public_id>/submitted/", wizard.demand_submitted, name="demand-submitted"),
    path("demands/<str:public_id>/move/<slug:move>/", moves.demand_move, name="demand-move"),
    path("register/city/", registration.body_register, name="body-register"),
    path("register/city/choose/", registration.body_choose, name="body-choose"),
    path("register/city/<int:geonames_id>/", registration.body_details, name="body-details"),
]
