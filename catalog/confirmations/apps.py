from django.apps import AppConfig


class ConfirmationsConfig(AppConfig):
    name = "catalog.confirmations"
    label = "confirmations"
