from django.urls import path

from portal.notices import caught_views, settings_views, views

app_name = "notices"

urlpatterns = [
    path("my/notices/", views.notice_list, name="notice-list"),
    path("my/notices/read/", views.notices_read, name="notices-read"),
    path("my/notices/settings/", settings_views.mail_settings, name="mail-settings"),
    path("my/notices/<int:pk>/", views.notice_open, name="notice-open"),
    path("mails/end/<str:token>/", settings_views.unsubscribe_page, name="unsubscribe"),
    path("mails/again/<str:token>/", settings_views.resubscribe_page, name="resubscribe"),
    path("demo/mails/", caught_views.caught_list, name="caught-list"),
    path("demo/mails/<str:name>/<int:number>/", caught_views.caught_mail, name="caught-mail"),
    path("demo/mails/<str:name>/<int:number>/html/", caught_views.caught_html, name="caught-html"),
]
