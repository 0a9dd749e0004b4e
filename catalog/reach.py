"""Where a solution works, kept beside what its provider states so that a filter need not unfold continents."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from portal.common.geography import reach


class ReachField(ArrayField):
    """``reach()`` of the row's ``regions``, set whenever it is saved."""

    def __init__(self, base_field: models.Field | None = None, **options: Any) -> None:
        options |= {"default": list, "blank": True, "editable": False}
        super().__init__(base_field or models.CharField(max_length=4), **options)

    def pre_save(self, model_instance: models.Model, add: bool) -> list[str]:
        found = reach(model_instance.regions)  # type: ignore[attr-defined]
        setattr(model_instance, self.attname, found)
        return found
