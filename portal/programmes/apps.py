from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "portal.programmes"
    label = "programmes"

    def ready(self) -> None:
        from portal.programmes import (  # noqa: F401  (register the handlers)
            cohort_notices,
            event_notices,
            notices,
            objections,
            tasks,
            translated,
        )
