from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "portal.programmes"
    label = "programmes"

    def ready(self) -> None:
        from portal.programmes import notices, objections, tasks  # noqa: F401  (register the handlers)
