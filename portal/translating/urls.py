from django.urls import path

from portal.translating import views

app_name = "translating"

KINDS = ("demand", "solution", "provider")

urlpatterns = [
    *(path(f"{kind}s/<str:public_id>/texts/", views.text_list, {"kind": kind}, name=f"{kind}-texts") for kind in KINDS),
    *(
        path(
            f"{kind}s/<str:public_id>/texts/<slug:language>/",
            views.text_edit,
            {"kind": kind},
            name=f"{kind}-translate",
        )
        for kind in KINDS
    ),
]
