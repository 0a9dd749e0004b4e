from modeltranslation.translator import TranslationOptions, register

from portal.programmes.models import Call, CallCriterion, CallQuestion, Event, Milestone, Programme


@register(Programme)
class ProgrammeTranslation(TranslationOptions):
    fields = ("title", "summary", "about", "report")


@register([Call, Event])
class AboutTranslation(TranslationOptions):
    fields = ("title", "about")


@register([CallCriterion, Milestone])
class TitleTranslation(TranslationOptions):
    fields = ("title",)


@register(CallQuestion)
class CallQuestionTranslation(TranslationOptions):
    fields = ("text",)
