"""Programmes, calls and events have their texts translated like demands and solutions: by managers."""

from portal.programmes.models import Call, Event, Programme
from portal.programmes.rules import is_manager
from portal.programmes.texts import pieces_of
from portal.translating.subjects import Subject, register

for model in (Programme, Call, Event):
    register(
        str(model._meta.model_name),
        Subject(model, lambda user, record: is_manager(user), pieces_of, model.objects.visible_to),
    )
