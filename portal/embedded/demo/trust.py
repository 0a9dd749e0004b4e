"""What makes people trust each other in the demo: agreements that everybody reads, and two cities that join forces."""

from typing import Any

from django.utils import timezone

from catalog.models import Provider
from catalog.partnerships.actions import record_agreement
from cities.coach.pool_actions import begin_pool, invite_to_pool
from cities.models import Demand
from portal.accounts.models import User

SCOPE = {
    "strategic": "Joint work on how cities buy, with two learning visits a year. No say in any match. (Example)",
    "technical": "Advice to ICLEI on measuring results in the field. No say in any match. (Example)",
}
MESSAGE = "Your demand reads like ours. Together we would be a customer that makers listen to. Shall we talk?"


class Trust:
    """``staff`` by role; ``users`` organisation id → who speaks for it."""

    def __init__(self, staff: dict[str, User], users: dict[int, User]) -> None:
        self.staff, self.users = staff, users

    def play(self) -> None:
        for provider in Provider.objects.exclude(partnership="").select_related("organisation"):
            self._agree(provider)
        self._join_forces()

    def _agree(self, provider: Provider) -> None:
        record_agreement(
            by=self.staff["programme"], provider=provider, kind=provider.partnership,
            agreed_on=provider.partner_since or timezone.localdate(), until=None, scope=SCOPE[provider.partnership],
            signed_for_iclei="Example signatory, ICLEI", signed_for_provider=f"Example signatory, {provider}",
        )  # fmt: skip

    def _join_forces(self) -> None:
        """The first two public demands of different cities that share a topic."""
        open_ones = Demand.objects.public().live().filter(organisation__in=self.users).order_by("pk")
        for demand in open_ones.prefetch_related("topics"):
            if other := self._twin(demand, open_ones):
                by = self.users[demand.organisation_id or 0]
                invite_to_pool(by=by, pool=begin_pool(by=by, demand=demand), demand=other, message=MESSAGE)
                return

    @staticmethod
    def _twin(demand: Demand, open_ones: Any) -> Demand | None:
        if demand.state != "published":
            return None
        others = open_ones.exclude(city=demand.city).exclude(organisation=demand.organisation)
        twin: Demand | None = others.filter(topics__in=demand.topics.all(), state="published").first()
        return twin
