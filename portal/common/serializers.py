"""How the API writes what all records share: texts with their language, where an imported record comes from."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers

from portal.common.languages import CODES
from portal.common.translated import text_in


class TextSerializer(serializers.Serializer):
    """A text in one language; ``status`` is original, human, machine or stale."""

    language = serializers.CharField()
    status = serializers.CharField()
    text = serializers.CharField()


@extend_schema_field(TextSerializer(many=True))
class Texts(serializers.Field):
    """Every language's text of a translated field, the original first."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, record: Any) -> list[dict[str, str]]:
        name = str(self.field_name)
        statuses = record.translations.get(name, {})
        rows = []
        for code in sorted(CODES, key=lambda code: code != record.original_language):
            if text := text_in(record, name, code):
                status = "original" if code == record.original_language else statuses.get(code, "human")
                rows.append({"language": code, "status": status, "text": text})
        return rows


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class Labels(serializers.Field):
    """Language code → label, of the vocabulary, where every language is equally valid."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, record: Any) -> dict[str, str]:
        return {code: text for code in CODES if (text := text_in(record, str(self.field_name), code))}


class SourceSerializer(serializers.Serializer):
    """Where an imported record comes from; all empty for one written on the portal."""

    name = serializers.CharField(source="source")
    id = serializers.CharField(source="source_id")
    url = serializers.CharField(source="source_url")
    licence = serializers.CharField(source="source_licence")


def query_parameters(described: dict[str, str], *, many: Iterable[str] = ()) -> list[OpenApiParameter]:
    """Parameters of a list for its schema: name → what it does; those of ``many`` may be repeated."""
    return [
        OpenApiParameter(name, OpenApiTypes.STR, description=text, many=name in many)
        for name, text in described.items()
    ]
