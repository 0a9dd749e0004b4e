"""Translations for programs: what stands beside an original, and the same writes as the editor's."""

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.common.errors import NotAllowed
from portal.common.languages import BY_CODE
from portal.common.permissions import signed_in
from portal.common.serializers import valid
from portal.translating.actions import ask_machine, translate_text
from portal.translating.forms import RIGHT, TextsForm
from portal.translating.subjects import SUBJECTS, subject_of
from portal.translating.views import machine_state, readable


class PieceSerializer(serializers.Serializer):
    """``status``: human, checked, machine, stale, stale_machine or missing."""

    key = serializers.CharField()
    original = serializers.CharField()
    text = serializers.CharField(help_text="Empty where there is no translation.")
    status = serializers.CharField()


class TranslationSerializer(serializers.Serializer):
    """``machine``: off, ready, working, retrying, failed, left (some texts are left to people) or complete."""

    reference = serializers.CharField()
    original_language = serializers.CharField()
    language = serializers.CharField()
    machine = serializers.CharField()
    texts = PieceSerializer(many=True)


class WrittenSerializer(serializers.Serializer):
    """``texts``: key → text, an empty one takes it away. ``right``: keys of texts that are right as they stand."""

    texts = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False, default=dict)
    right = serializers.ListField(child=serializers.CharField(), required=False, default=list)


class TranslationView(APIView):
    """The texts of a demand, solution, provider, programme, call or event, for those who may write in that language."""

    policy: ClassVar = {"GET": signed_in, "HEAD": signed_in, "OPTIONS": signed_in, "PUT": signed_in}

    @extend_schema(responses=TranslationSerializer)
    def get(self, request: Request, kind: str, public_id: str, language: str) -> Response:
        return Response(shown_as_json(writable(request, kind, public_id, language), language))

    @extend_schema(request=WrittenSerializer, responses=TranslationSerializer)
    def put(self, request: Request, kind: str, public_id: str, language: str) -> Response:
        """Write some of the texts; those that are not named stay."""
        record = writable(request, kind, public_id, language)
        given = valid(WrittenSerializer(data=request.data))
        pieces = subject_of(record).pieces(record)
        if unknown := {*given["texts"], *given["right"]} - {piece.key for piece in pieces}:
            raise ValidationError({key: ["unknown"] for key in sorted(unknown)})
        texts = {piece.key: piece.text(language) for piece in pieces} | given["texts"]
        form = TextsForm(pieces, language, texts | {RIGHT + key: "on" for key in given["right"]})
        if not form.is_valid():
            raise ValidationError(form.errors)
        translate_text(by=request.user, subject=record, language=language, **form.sent())
        return Response(shown_as_json(readable(request, kind, public_id), language))


class DraftView(APIView):
    """A machine's draft of what nobody has translated; ``machine`` of the translation says what becomes of it."""

    policy: ClassVar = {"POST": signed_in, "OPTIONS": signed_in}

    @extend_schema(request=None, responses={202: TranslationSerializer})
    def post(self, request: Request, kind: str, public_id: str, language: str) -> Response:
        record = writable(request, kind, public_id, language)
        ask_machine(by=request.user, subject=record, language=language)
        return Response(shown_as_json(record, language), status=202)


def writable(request: Request, kind: str, public_id: str, language: str) -> Any:
    if language not in BY_CODE:
        raise NotFound
    try:
        record = readable(request, kind, public_id)
    except Http404:  # in the same words as where the kind or the language is nothing
        raise NotFound from None
    if not SUBJECTS[kind].may(request.user, record):
        raise NotAllowed
    if language == record.original_language:
        raise NotFound
    return record


def shown_as_json(record: Any, language: str) -> dict[str, Any]:
    rows = [
        {"key": one.key, "original": one.original, "text": one.text(language), "status": one.mark(language)}
        for one in subject_of(record).pieces(record)
    ]
    about = {"reference": record.public_id, "original_language": record.original_language, "language": language}
    return TranslationSerializer({**about, "machine": machine_state(record, language), "texts": rows}).data
