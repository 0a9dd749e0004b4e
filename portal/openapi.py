"""The OpenAPI schema, made once a language and process: it says the same to every reader."""

from functools import cache
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator


class KeptSchemaGenerator(SchemaGenerator):
    """Going through all views takes a tenth of a second, and asks their rights of whoever reads."""

    def get_schema(self, request: Any = None, public: bool = False) -> dict[str, Any]:
        return _made(get_language())


@cache
def _made(language: str | None) -> dict[str, Any]:
    """In ``language``, which is the active one."""
    made: dict[str, Any] = SchemaGenerator().get_schema(public=True)
    return made
