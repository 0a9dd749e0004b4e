"""How the API writes what all records share: texts with their language, where an imported record comes from."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers

from portal.common.languages import CODES
from portal.common.translated import text_in


class TextSerializer(serializers.Serializer):
    """A text in one language; ``status``: original, human, checked, machine, stale or stale_machine."""

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


class Linked(serializers.ModelSerializer):
    """A record with the address of its page."""

    reference = serializers.CharField(source="public_id")
    url = serializers.SerializerMethodField(help_text="Its page, or the file itself.")

    def get_url(self, record: Any) -> str:
        return f"{settings.SITE_URL.rstrip('/')}{record.get_absolute_url()}"


def named(rows: QuerySet[Any], field: str, reference: str) -> Any:
    """The record that a field names by its reference. Raises ValidationError where ``rows`` hold none such."""
    found = rows.filter(public_id=reference).first()
    if found is None:
        raise serializers.ValidationError({field: [gettext("The record is gone.")]})
    return found


def valid(form: serializers.Serializer) -> dict[str, Any]:
    """What was sent, as domain types; 400 with the fields in question where it does not fit."""
    form.is_valid(raise_exception=True)
    found: dict[str, Any] = form.validated_data
    return found


def query_parameters(described: dict[str, str], *, many: Iterable[str] = ()) -> list[OpenApiParameter]:
    """Parameters of a list for its schema: name → what it does; those of ``many`` may be repeated."""
    return [
        OpenApiParameter(name, OpenApiTypes.STR, description=text, many=name in many)
        for name, text in described.items()
    ]
