from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "matching.workbench"
    label = "workbench"

    def ready(self) -> None:
        # What waits is registered by the sources, and jobs by the notices.
        from matching.workbench import (  # noqa: F401
            notices,
            sources,
            sources_of_documents,
            sources_of_evidence,
            sources_of_introductions,
            sources_of_matches,
        )
