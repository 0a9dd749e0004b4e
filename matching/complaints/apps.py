from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "matching.complaints"
    label = "complaints"
