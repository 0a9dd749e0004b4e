from django.apps import AppConfig


class MomentsConfig(AppConfig):
    name = "matching.moments"
    label = "moments"
