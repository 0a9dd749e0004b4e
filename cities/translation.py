from modeltranslation.translator import TranslationOptions, register

from cities.models import City, Demand


@register(City)
class CityTranslation(TranslationOptions):
    fields = ("name",)


@register(Demand)
class DemandTranslation(TranslationOptions):
    fields = ("title", "summary", "problem", "outcome")
