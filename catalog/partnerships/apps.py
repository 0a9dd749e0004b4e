from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "catalog.partnerships"
    label = "partnerships"
