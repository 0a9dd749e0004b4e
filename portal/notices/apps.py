from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "portal.notices"
    label = "notices"

    def ready(self) -> None:
        from portal.notices import record_tasks, tasks  # noqa: F401  (registers the handlers)
