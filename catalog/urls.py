from django.urls import path

from catalog.views import browse, editing, moves, registration, revisions

app_name = "catalog"

urlpatterns = [
    path("solutions/", browse.solution_list, name="solution-list"),
    path("solutions/download.<str:kind>", browse.solution_download, name="solution-download"),
    path("solutions/new/", editing.solution_new, name="solution-new"),
    path("solutions/<str:public_id>/", browse.solution_detail, name="solution-detail"),
    path("solutions/<str:public_id>/social.png", browse.solution_picture, name="solution-picture"),
    path("solutions/<str:public_id>/edit/", editing.solution_edit, name="solution-edit"),
    path("solutions/<str:public_id>/edit/criteria/", editing.solution_criteria, name="solution-criteria"),
    path("solutions/<str:public_id>/edit/<slug:section>/", editing.solution_section, name="solution-section"),
    path("solutions/<str:public_id>/preview/", editing.solution_preview, name="solution-preview"),
    path("solutions/<str:public_id>/check/", editing.solution_check, name="solution-check"),
    path("solutions/<str:public_id>/submit/", editing.solution_submit, name="solution-submit"),
    path("solutions/<str:public_id>/submitted/", editing.solution_submitted, name="solution-submitted"),
    path("solutions/<str:public_id>/revise/", revisions.solution_revise, name="solution-revise"),
    path("solutions/<str:public_id>/discard/", revisions.solution_discard, name="solution-discard"),
    path("solutions/<str:public_id>/move/<slug:move>/", moves.solution_move, name="solution-move"),
    path("providers/<str:public_id>/", browse.provider_detail, name="provider-detail"),
    path("register/provider/", registration.provider_register, name="provider-register"),
    path("providers/<str:public_id>/edit/", registration.provider_edit, name="provider-edit"),
]
