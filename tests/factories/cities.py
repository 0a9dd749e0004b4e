import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from catalog.models import FocusArea
from cities.enums import DemandState
from cities.models import City, Demand, PublicBody
from tests.factories.accounts import OrganisationFactory


class CityFactory(DjangoModelFactory):
    class Meta:
        model = City

    geonames_id = factory.Sequence(lambda n: 90_000_000 + n)
    name_en = factory.Sequence(lambda n: f"Testville {n}")
    country = "CL"
    latitude = -33.4
    longitude = -70.6
    population = 240_000
    koppen = "Csb"
    search = factory.LazyAttribute(lambda o: o.name_en.lower())


class PublicBodyFactory(DjangoModelFactory):
    class Meta:
        model = PublicBody

    organisation = factory.SubFactory(OrganisationFactory)
    city = factory.SubFactory(CityFactory)


class DemandFactory(DjangoModelFactory):
    """Published and complete, in English; ``language="ko"`` moves the texts to that language's columns."""

    class Meta:
        model = Demand
        skip_postgeneration_save = True

    class Params:
        language = "en"
        body = factory.SubFactory(PublicBodyFactory)

    organisation = factory.SelfAttribute("body.organisation")
    city = factory.SelfAttribute("body.city")
    country = factory.SelfAttribute("body.city.country")
    state = DemandState.PUBLISHED
    original_language = factory.SelfAttribute("language")
    focus_area = factory.LazyFunction(lambda: FocusArea.objects.get(code="smart_energy"))
    stage = "concept"
    languages = ["en"]
    published_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class: type[Demand], *args: object, **kwargs: object) -> Demand:
        suffix = str(kwargs["original_language"]).replace("-", "_")
        texts = {
            "title": "Renew the street lights",
            "summary": "9,400 sodium lamps are worn out.",
            "problem": "They fail often.",
            "outcome": "Well-lit streets for less energy.",
        }
        for name, text in texts.items():
            kwargs.setdefault(f"{name}_{suffix}", kwargs.pop(name, text))
        return super()._create(model_class, *args, **kwargs)

    @factory.post_generation
    def topics(self, create: bool, extracted: list | None, **kwargs: object) -> None:
        if extracted:
            self.topics.set(extracted)
