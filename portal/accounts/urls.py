from django.urls import path

from portal.accounts import member_views, oversight_views, views

app_name = "accounts"

urlpatterns = [
    path("account/", views.account_edit, name="account-edit"),
    path("account/language/", views.language_keep, name="language-keep"),
    path("organisations/<str:public_id>/", views.organisation_detail, name="organisation-detail"),
    path("organisations/<str:public_id>/edit/", views.organisation_edit, name="organisation-edit"),
    path("organisations/<str:public_id>/members/", member_views.member_list, name="member-list"),
    path("organisations/<str:public_id>/members/invite/", member_views.member_invite, name="member-invite"),
    path("organisations/<str:public_id>/members/leave/", member_views.member_leave, name="member-leave"),
    path("organisations/<str:public_id>/members/<int:pk>/", member_views.member_edit, name="member-edit"),
    path("organisations/<str:public_id>/members/<int:pk>/remove/", member_views.member_remove, name="member-remove"),
    path(
        "organisations/<str:public_id>/invitations/<int:pk>/withdraw/",
        member_views.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path("account/interests/", oversight_views.conflict_list, name="conflict-list"),
    path("account/interests/everybody/", oversight_views.conflict_overview, name="conflict-overview"),
    path("account/interests/<int:pk>/end/", oversight_views.conflict_end, name="conflict-end"),
    path(
        "organisations/<str:public_id>/verification/", oversight_views.verification_detail, name="verification-detail"
    ),
    path(
        "organisations/<str:public_id>/verification/<str:evidence_id>/",
        oversight_views.evidence_file,
        name="evidence-file",
    ),
    path("invitations/<str:token>/", member_views.invitation_accept, name="invitation-accept"),
    path("organisations/<str:public_id>/ask/", views.verification_ask, name="verification-ask"),
]
