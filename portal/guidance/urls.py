from django.urls import path

from portal.guidance import views

app_name = "guidance"

urlpatterns = [
    path("my/first-steps/", views.first_steps_toggle, name="first-steps"),
    path("my/continue/<str:kind>/<str:public_id>/", views.resume, name="resume"),
    path("sample/", views.sample, name="sample"),
    path("sample/load/", views.sample_load, name="sample-load"),
    path("queue/practice/", views.practice, name="practice"),
    path("queue/tour/end/", views.tour_end, name="tour-end"),
]
