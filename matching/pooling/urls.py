from django.urls import re_path

from matching.pooling import views

app_name = "pooling"

urlpatterns = [
    re_path(r"^matches/(?P<public_id>[0-9A-Z]+)/pool/(?P<answer>yes|no)/$", views.pool_answer, name="pool-answer"),
]
