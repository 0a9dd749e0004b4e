from django.apps import AppConfig


class EmbeddedConfig(AppConfig):
    name = "portal.embedded"
    label = "embedded"

    def ready(self) -> None:
        from portal.embedded import tasks  # noqa: F401  (registers the handler of the job that loads sample data)
