from django.urls import path

from matching.complaints import views

urlpatterns = [
    path("complaints/", views.complaint_list, name="complaint-list"),
    path("complaints/new/<str:kind>/<str:public_id>/", views.complaint_new, name="complaint-new"),
    path("complaints/<str:public_id>/", views.complaint_detail, name="complaint-detail"),
    path("report/<str:kind>/<str:public_id>/", views.flag_new, name="flag-new"),
    path("queue/reports/<str:public_id>/", views.flag_review, name="flag-review"),
]
