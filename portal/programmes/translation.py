from modeltranslation.translator import TranslationOptions, register

from portal.programmes.models import Call, Event, Programme


@register(Programme)
class ProgrammeTranslation(TranslationOptions):
    fields = ("title", "summary", "about", "report")


@register(Call)
class CallTranslation(TranslationOptions):
    fields = ("title", "about")


@register(Event)
class EventTranslation(TranslationOptions):
    fields = ("title", "about")
