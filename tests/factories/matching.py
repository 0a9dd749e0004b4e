import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from matching.enums import MatchState
from matching.models import Decision, Introduction, Match
from matching.ranking import score_pair
from tests.factories.accounts import UserFactory
from tests.factories.catalog import SolutionFactory
from tests.factories.cities import DemandFactory


class MatchFactory(DjangoModelFactory):
    """Scored by the engine itself, in any state."""

    class Meta:
        model = Match

    demand = factory.SubFactory(DemandFactory)
    solution = factory.SubFactory(SolutionFactory)
    state = MatchState.SUGGESTED
    state_since = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class: type[Match], *args: object, **kwargs: object) -> Match:
        return super()._create(
            model_class, *args, **{**score_pair(kwargs["demand"], kwargs["solution"]), "position": 1, **kwargs}
        )


class IntroductionFactory(DjangoModelFactory):
    class Meta:
        model = Introduction
        skip_postgeneration_save = True

    match = factory.SubFactory(MatchFactory, state=MatchState.INTRODUCED)
    city_consent_by = factory.SubFactory(UserFactory)
    city_consent_at = factory.LazyFunction(timezone.now)
    provider_consent_by = factory.SubFactory(UserFactory)
    provider_consent_at = factory.LazyFunction(timezone.now)
    introduced_by = factory.SubFactory(UserFactory)
    introduced_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def decisions(self, create: bool, extracted: object, **kwargs: object) -> None:
        for move, source, target in (
            ("offer", "suggested", "offered"),
            ("introduce", "accepted_by_provider", "introduced"),
        ):
            Decision.objects.create(
                match=self.match, move=move, from_state=source, to_state=target, by=self.introduced_by
            )
