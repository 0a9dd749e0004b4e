from django.urls import path

from portal.notices import views

app_name = "notices"

urlpatterns = [
    path("my/notices/", views.notice_list, name="notice-list"),
    path("my/notices/read/", views.notices_read, name="notices-read"),
    path("my/notices/<int:pk>/", views.notice_open, name="notice-open"),
]
