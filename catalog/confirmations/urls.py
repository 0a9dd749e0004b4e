from django.urls import path

from catalog.confirmations.views import answering, asking, checking, renewing

app_name = "confirmations"

urlpatterns = [
    path("solutions/<str:public_id>/references/<int:pk>/ask/", asking.reference_ask, name="reference-ask"),
    path("solutions/<str:public_id>/references/<int:pk>/ask/again/", asking.question_renew, name="question-renew"),
    path(
        "solutions/<str:public_id>/references/<int:pk>/ask/withdraw/",
        asking.question_withdraw,
        name="question-withdraw",
    ),
    path("solutions/<str:public_id>/renew/", renewing.solution_renew, name="solution-renew"),
    path("solutions/<str:public_id>/evidence/", checking.evidence_check, name="evidence-check"),
    path("evidence/", checking.evidence_list, name="evidence-list"),
    path("confirm/<str:token>/", answering.city_answer, name="city-answer"),
    path("confirm/<str:token>/new-link/", answering.link_renew, name="link-renew"),
]
