from django.urls import path

from matching.introductions.views import clean_files, documents, follow_ups, interests, meetings, packs, questions

app_name = "introductions"

urlpatterns = [
    path("demands/<str:public_id>/pack/", packs.pack_detail, name="pack-detail"),
    path("demands/<str:public_id>/pack/ask/", packs.question_ask, name="question-ask"),
    path("demands/<str:public_id>/pack/documents/", packs.document_add, name="pack-document-add"),
    path("demands/<str:public_id>/pack/date/", packs.question_date, name="question-date"),
    path("demands/<str:public_id>/interest/", interests.interest_express, name="interest-express"),
    path("demands/<str:public_id>/clean-file/", clean_files.clean_file, name="clean-file"),
    path("demands/<str:public_id>/clean-file.<str:kind>", clean_files.clean_file_download, name="clean-file-download"),
    path("questions/", questions.question_list, name="question-list"),
    path("questions/<str:public_id>/", questions.question_detail, name="question-detail"),
    path("documents/<str:public_id>/", documents.document_download, name="document-download"),
    path("documents/<str:public_id>/look/", documents.document_review, name="document-review"),
    path("documents/<str:public_id>/remove/", documents.document_remove, name="document-remove"),
    path("introductions/<str:public_id>/documents/", documents.shared_document_add, name="shared-document-add"),
    path("introductions/<str:public_id>/meetings/", meetings.meeting_propose, name="meeting-propose"),
    path("meetings/<str:public_id>/", meetings.meeting_detail, name="meeting-detail"),
    path("meetings/<str:public_id>/move/", meetings.meeting_move, name="meeting-move"),
    path("meetings/<str:public_id>/cancel/", meetings.meeting_cancel, name="meeting-cancel"),
    path("meetings/<str:public_id>/meeting.ics", meetings.meeting_calendar, name="meeting-calendar"),
    path("follow-up/<str:token>/", follow_ups.follow_up_answer, name="follow-up-answer"),
    path("follow-ups/", follow_ups.follow_up_list, name="follow-up-list"),
    path("follow-ups/<int:pk>/", follow_ups.follow_up_detail, name="follow-up-detail"),
]
