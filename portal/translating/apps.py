from django.apps import AppConfig


class TranslatingConfig(AppConfig):
    name = "portal.translating"
    label = "translating"

    def ready(self) -> None:
        from portal.translating import tasks  # noqa: F401  (registers the handler)
