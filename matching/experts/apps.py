from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "matching.experts"
    label = "experts"
