from django.apps import AppConfig


class CoachConfig(AppConfig):
    name = "cities.coach"
    label = "coach"

    def ready(self) -> None:
        from cities.coach import tasks  # noqa: F401  (registers the handlers)
