from modeltranslation.translator import TranslationOptions, register

from catalog.models import Claim, Criterion, FocusArea, Provider, Solution, Topic


@register(FocusArea)
class FocusAreaTranslation(TranslationOptions):
    fields = ("label", "description")


@register(Topic)
class TopicTranslation(TranslationOptions):
    fields = ("label", "description", "synonyms")


@register(Criterion)
class CriterionTranslation(TranslationOptions):
    fields = ("label", "help", "unit_label")


@register(Provider)
class ProviderTranslation(TranslationOptions):
    fields = ("description",)


@register(Solution)
class SolutionTranslation(TranslationOptions):
    fields = ("name", "tagline", "solves", "how_it_works", "not_suitable")


@register(Claim)
class ClaimTranslation(TranslationOptions):
    fields = ("statement",)
