from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        # Web processes owe jobs too, and have to know which queue each kind waits in.
        from matching import notices, tasks  # noqa: F401
        from matching.learning import jobs  # noqa: F401
        from matching.spaces import jobs as of_spaces  # noqa: F401
