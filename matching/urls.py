from django.urls import include, path

from matching.views import gap, introductions, matches, policy, profiles, queue, rankings, reviews, topics

app_name = "matching"

urlpatterns = [
    path("", include("matching.coach.urls")),
    path("", include("matching.workbench.urls")),
    path("", include("matching.complaints.urls")),
    path("", include("matching.experts.urls")),
    path("queue/", queue.queue, name="queue"),
    path("queue/organisations/<str:public_id>/", reviews.organisation_review, name="organisation-review"),
    path("queue/demands/<str:public_id>/", reviews.demand_review, name="demand-review"),
    path("queue/solutions/<str:public_id>/", reviews.solution_review, name="solution-review"),
    path("queue/matches/<str:public_id>/", reviews.match_review, name="match-review"),
    path("demands/<str:public_id>/matches/", rankings.demand_matches, name="demand-matches"),
    path("demands/<str:public_id>/matches/add/", rankings.match_add, name="match-add"),
    path("demands/<str:public_id>/matches/<str:solution_id>/", rankings.demand_match, name="demand-match"),
    path("solutions/<str:public_id>/demands/", rankings.solution_demands, name="solution-demands"),
    path("solutions/<str:public_id>/demands/<str:demand_id>/", rankings.solution_demand, name="solution-demand"),
    path("demands/<str:public_id>/topics/", topics.demand_topics, name="demand-topics"),
    path("solutions/<str:public_id>/topics/", topics.solution_topics, name="solution-topics"),
    path("matches/", matches.match_list, name="match-list"),
    path("matches/<str:public_id>/", matches.match_detail, name="match-detail"),
    path("introductions/", introductions.introduction_list, name="introduction-list"),
    path("introductions/<str:public_id>/", introductions.introduction_detail, name="introduction-detail"),
    path("introductions/<str:public_id>/write/", introductions.message_write, name="message-write"),
    path("gap/", gap.gap_page, name="gap"),
    path("gap/download.<str:kind>", gap.gap_download, name="gap-download"),
    path("ranking/", policy.ranking_policy, name="ranking-policy"),
    path("ranking/profiles/", profiles.profile_list, name="profile-list"),
    path("ranking/profiles/<str:profile_id>/", profiles.profile_detail, name="profile-detail"),
    path("ranking/configuration.json", policy.ranking_configuration, name="ranking-configuration"),
]
