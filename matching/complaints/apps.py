from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "matching.complaints"
    label = "complaints"

    def ready(self) -> None:
        from matching.complaints import notices, tasks  # noqa: F401
