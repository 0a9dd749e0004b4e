from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchesConfig(AppConfig):
    name = "portal.searches"
    label = "searches"

    def ready(self) -> None:
        from portal.common.facets import count_later_with
        from portal.common.finding import marks_known_by
        from portal.common.reading import find_near_with, read_with
        from portal.searches import letters, tasks  # noqa: F401  (register what mails enclose, and handlers)
        from portal.searches.index_actions import index_new_database, is_index_current
        from portal.searches.meaning import nearest
        from portal.searches.wording import interpret

        count_later_with(tasks.owe_counts)
        read_with(interpret)
        find_near_with(nearest)
        marks_known_by(is_index_current)
        post_migrate.connect(index_new_database, sender=self)
