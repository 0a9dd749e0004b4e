"""Records that people begin by naming them."""

from typing import ClassVar, Self

from django.db import models

from portal.common.translated import column


class DraftsQuerySet(models.QuerySet):
    """``called_by`` is the field that names a record, ``draft`` the state in which one begins."""

    called_by: ClassVar[str]
    draft: ClassVar[str]

    def drafts_called(self, name: str, language: str) -> Self:
        """Whoever goes back to the first page and on again means the draft that began there, not a second one."""
        own = {column(self.called_by, language): name}
        return self.filter(state=self.draft, original_language=language, **own).order_by("pk")
