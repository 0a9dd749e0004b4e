from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "matching.experts"
    label = "experts"

    def ready(self) -> None:
        from matching.experts import notices  # noqa: F401
