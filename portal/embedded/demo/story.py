"""What happened between the demo's cities and providers: every stage of a match, on pairs the engine ranks high."""

from collections.abc import Callable
from decimal import Decimal

from django.db.models import F

from cities.actions import direct_demand
from cities.models import Demand
from matching.actions import (
    accept_for_city,
    accept_for_provider,
    decline_for_city,
    decline_for_provider,
    offer_match,
    post_message,
    record_outcome,
    reject_match,
    shortlist_match,
    take_up_match,
)
from matching.models import Introduction, Match
from portal.accounts.models import User

GREETING = {
    "en": (
        "Thank you for saying yes. Could you tell us what a first survey would need from our side?",
        "Gladly. A site list and a year of bills are enough for a first estimate; we can visit in three weeks.",
    ),
    "es": (
        "Gracias por aceptar. ¿Qué necesitarían de nosotros para un primer diagnóstico?",
        "Con gusto. Nos basta un inventario de los sitios y las facturas de un año; podemos ir en tres semanas.",
    ),
    "fr": (
        "Merci d’avoir accepté. De quoi auriez-vous besoin de notre part pour un premier diagnostic ?",
        "Volontiers. Une liste des sites et un an de factures suffisent ; nous pouvons venir dans trois semaines.",
    ),
    "pt": (
        "Obrigado por aceitar. O que precisariam de nossa parte para um primeiro diagnóstico?",
        "Com prazer. Bastam a lista dos locais e as contas de um ano; podemos visitar em três semanas.",
    ),
    "ko": (
        "수락해 주셔서 감사합니다. 1차 진단을 위해 시에서 준비할 자료를 알려 주십시오.",
        "감사합니다. 대상지 목록과 최근 1년 요금 자료면 충분하며, 3주 안에 방문할 수 있습니다.",
    ),
    "ja": (
        "ご承諾ありがとうございます。初回の診断にあたり、市側で用意すべき資料を教えてください。",
        "ありがとうございます。対象箇所の一覧と1年分の料金資料があれば十分です。3週間後に伺えます。",
    ),
    "zh-hans": (
        "感谢接受邀请。请问初步诊断需要我方提供哪些资料？",
        "只需点位清单和一年的账单即可，我们三周内可以到现场。",
    ),
}


class Story:
    """Plays the people: ``speaks`` maps an organisation's pk to the person who speaks for it."""

    def __init__(self, moderator: User, speaks: dict[int, User]) -> None:
        self.moderator, self.speaks = moderator, speaks

    def _city(self, match: Match) -> User:
        return self.speaks[match.demand.organisation_id]

    def _provider(self, match: Match) -> User:
        return self.speaks[match.solution.provider.organisation_id]

    def offered(self, match: Match) -> None:
        offer_match(
            by=self.moderator, match=match, note="Similar climate and size; the references are worth a conversation."
        )

    def invited(self, match: Match) -> None:
        self.offered(match)
        accept_for_city(by=self._city(match), match=_again(match))

    def introduced(self, match: Match) -> Introduction:
        self.invited(match)
        return accept_for_provider(by=self._provider(match), match=_again(match))

    def dialogue(self, match: Match) -> Introduction:
        introduction = self.introduced(match)
        language = match.demand.original_language
        question, _answer = GREETING[language]
        post_message(by=self._city(match), introduction=introduction, body=question, language=language)
        answer_in = language if language in match.solution.provider.languages else "en"
        post_message(
            by=self._provider(match), introduction=introduction, body=GREETING[answer_in][1], language=answer_in
        )
        return introduction

    def contract(self, match: Match) -> None:
        introduction = self.dialogue(match)
        value = match.demand.budget_min or Decimal(250000)
        record_outcome(
            by=self._city(match),
            introduction=_fresh(introduction),
            move="sign_contract",
            value=value,
            currency=match.demand.currency or "EUR",
        )
        direct_demand(
            by=self._city(match), demand=Demand.objects.get(pk=match.demand_id), move="close", reason="contract"
        )

    def pilot(self, match: Match) -> None:
        record_outcome(by=self._city(match), introduction=_fresh(self.dialogue(match)), move="start_pilot")

    def ended(self, match: Match) -> None:
        record_outcome(
            by=self._city(match),
            introduction=_fresh(self.dialogue(match)),
            move="end_without_result",
            reason="no_funding",
        )

    def declined_by_city(self, match: Match) -> None:
        self.offered(match)
        decline_for_city(by=self._city(match), match=_again(match), reason="too_early")

    def declined_by_provider(self, match: Match) -> None:
        self.invited(match)
        decline_for_provider(by=self._provider(match), match=_again(match), reason="no_capacity")

    def rejected(self, match: Match) -> None:
        reject_match(by=self.moderator, match=match, reason="weak_evidence")

    def taken_up(self, match: Match) -> None:
        take_up_match(by=self.moderator, match=match)

    def shortlisted(self, match: Match) -> None:
        shortlist_match(by=self.moderator, match=match)

    def play(self, keys_by_state: dict[str, list[int]]) -> None:
        """Bring demands to the state their text asks for, then spread every other stage over the rest."""
        for pk in keys_by_state.get("closed", []):
            self._on_best(pk, self.contract)
        for pk in keys_by_state.get("in_dialogue", []):
            self._on_best(pk, self.dialogue)
        scenes: list[Callable[[Match], object]] = [
            self.offered,
            self.invited,
            self.declined_by_city,
            self.introduced,
            self.pilot,
            self.ended,
            self.declined_by_provider,
            self.offered,
            self.invited,
            self.dialogue,
        ]
        rest = keys_by_state.get("published", [])
        # Every third one, so that most of the queue is still undecided.
        for scene, pk in zip(scenes, rest[::3], strict=False):
            self._on_best(pk, scene)
        for scene, pk in zip([self.rejected, self.taken_up, self.shortlisted], rest[1::3], strict=False):
            self._on_best(pk, scene)

    @staticmethod
    def _on_best(demand_pk: int, scene: Callable[[Match], object]) -> None:
        best = (
            Match.objects.with_records().filter(demand=demand_pk).order_by(F("position").asc(nulls_last=True)).first()
        )
        if best is not None:
            scene(best)


def _again(match: Match) -> Match:
    return Match.objects.with_records().get(pk=match.pk)


def _fresh(introduction: Introduction) -> Introduction:
    return Introduction.objects.with_records().get(pk=introduction.pk)
