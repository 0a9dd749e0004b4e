from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "portal.common"
    label = "common"

    def ready(self) -> None:
        # Registers the look-up ``any_of`` for every app's querysets.
        from portal.common import keys  # noqa: F401
