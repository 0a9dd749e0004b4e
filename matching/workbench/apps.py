from django.apps import AppConfig, apps


class WorkbenchConfig(AppConfig):
    name = "matching.workbench"
    label = "workbench"

    def ready(self) -> None:
        # What waits is registered by the sources, and jobs by the notices.
        from matching.workbench import notices, sources  # noqa: F401

        if apps.is_installed("catalog.confirmations"):
            from matching.workbench import sources_of_evidence  # noqa: F401
        if apps.is_installed("matching.introductions"):
            from matching.workbench import sources_of_introductions  # noqa: F401
