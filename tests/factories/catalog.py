import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from catalog.enums import SolutionState
from catalog.models import FocusArea, Provider, Solution
from portal.accounts.enums import OrganisationKind
from tests.factories.accounts import OrganisationFactory


class ProviderFactory(DjangoModelFactory):
    class Meta:
        model = Provider

    organisation = factory.SubFactory(OrganisationFactory, kind=OrganisationKind.PROVIDER, country="DE")
    description_en = "Makes lamps that last."
    regions = ["001"]
    languages = ["en"]


class SolutionFactory(DjangoModelFactory):
    """Listed and complete, in English; ``language="ko"`` moves the texts to that language's columns."""

    class Meta:
        model = Solution
        skip_postgeneration_save = True

    class Params:
        language = "en"

    provider = factory.SubFactory(ProviderFactory)
    state = SolutionState.LISTED
    original_language = factory.SelfAttribute("language")
    focus_area = factory.LazyFunction(lambda: FocusArea.objects.get(code="smart_energy"))
    regions = ["001"]
    languages = ["en"]
    listed_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class: type[Solution], *args: object, **kwargs: object) -> Solution:
        suffix = str(kwargs["original_language"]).replace("-", "_")
        texts = {
            "name": "LED lighting",
            "tagline": "Light as a service",
            "solves": "Old lamps waste energy.",
            "how_it_works": "We replace and run the lamps.",
            "not_suitable": "Tunnels.",
        }
        for name, text in texts.items():
            kwargs.setdefault(f"{name}_{suffix}", kwargs.pop(name, text))
        return super()._create(model_class, *args, **kwargs)

    @factory.post_generation
    def topics(self, create: bool, extracted: list | None, **kwargs: object) -> None:
        if extracted:
            self.topics.set(extracted)
