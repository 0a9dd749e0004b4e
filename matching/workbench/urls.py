from django.urls import path

from matching.workbench.views import bulk, comparing, confirmations, items, neutrality, own

urlpatterns = [
    path("queue/item/<str:kind>/<str:public_id>/take/", items.item_take, name="item-take"),
    path("queue/item/<str:kind>/<str:public_id>/release/", items.item_release, name="item-release"),
    path("queue/item/<str:kind>/<str:public_id>/snooze/", items.item_snooze, name="item-snooze"),
    path("queue/item/<str:kind>/<str:public_id>/wake/", items.item_wake, name="item-wake"),
    path("queue/item/<str:kind>/<str:public_id>/step-back/", items.item_step_back, name="item-step-back"),
    path("queue/undo/<int:pk>/", items.decision_undo, name="decision-undo"),
    path("queue/confirm/<str:public_id>/", confirmations.confirmation_review, name="confirmation-review"),
    path("queue/together/", bulk.bulk, name="queue-bulk"),
    path("queue/settings/", own.routing, name="queue-routing"),
    path("queue/views/", own.view_save, name="queue-view-save"),
    path("queue/views/<int:pk>/delete/", own.view_delete, name="queue-view-delete"),
    path("queue/wordings/", own.wording_list, name="wording-list"),
    path("queue/wordings/new/", own.wording_edit, name="wording-new"),
    path("queue/wordings/<str:code>/", own.wording_edit, name="wording-edit"),
    path("demands/<str:public_id>/matches/compare/", comparing.match_compare, name="match-compare"),
    path("neutrality/", neutrality.neutrality, name="neutrality"),
]
