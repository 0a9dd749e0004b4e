"""Introductions that live: a pack with questions, a thread in two languages, meetings, later two different answers."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone

from catalog.models import Solution
from cities.models import Demand
from matching.actions import accept_for_city, accept_for_provider, add_match, offer_match, post_message
from matching.introductions.follow_up_actions import Asked, answer_follow_up, months_after
from matching.introductions.meeting_actions import choose_time, propose_meeting
from matching.introductions.models import FollowUp
from matching.introductions.pack_actions import add_pack_document, add_shared_document, give_pack, set_question_date
from matching.introductions.question_actions import answer_question, ask_question, release_answer
from matching.introductions.tender_actions import keep_ocid
from matching.models import Introduction, Match
from portal.accounts.models import User
from portal.common.uploads import Upload

TITLE = "Renovar el alumbrado público sin inversión inicial"
TALKING, INVITED = "LED street lighting as a service", "Purchase-based LED street lighting retrofit"
BY_HAND = {
    TALKING: "Does not list Chile yet, and has told us in writing that it opens there with a local installer.",
    INVITED: "Lists Mexico alone; works in Spanish, has asked to be considered, and its two references are alike.",
}
INVENTORY = (
    "sector,luminarias,potencia_w,instaladas,tablero\n"
    "Centro,2150,150,2009,T-001 a T-104\nOriente,3980,150,2012,T-105 a T-271\nPoniente,3270,100,2014,T-272 a T-412\n"
)
AGREEMENT = (
    "Convenio de uso de postes, resumen. Vigente hasta 2031.\nMesa de ayuda de la distribuidora: +56 72 222 3333.\n"
)
MODEL = (
    "Savings model, first draft\n\nLamps: 9,400. Present use: 6,900 MWh a year. After renewal: 2,900 to 3,200 MWh.\n"
    "Service payment: at most 92 % of the measured saving in any year. Term: 12 years, then handed over.\n"
)
ANSWERED = (
    "Who owns the poles, the municipality or the distribution company, and may control units be fixed to them?",
    (
        "Tres de cada cuatro postes son de la empresa distribuidora, con un convenio que permite fijar equipos de "
        "hasta 2 kg. Los demás son del municipio. El convenio vigente dura hasta 2031."
    ),
)
TO_RELEASE = (
    "¿El pago por ahorro se calcula con la tarifa de hoy o con la de cada año del contrato?",
    "Con la tarifa de cada año. El municipio asume el riesgo de la tarifa; el proveedor, el del consumo en kWh.",
)
OPEN = "Are measurements from the 1,100 points renewed in 2022 available, and in which format?"
THREAD = (
    (
        "city",
        "es",
        "Gracias por aceptar. Nos interesa sobre todo cómo se mide el ahorro cuando no hay un buen catastro.",
    ),
    ("provider", "en", "Thank you. We begin with a survey by night of 400 lamps in each sector; the baseline follows."),
    ("city", "es", "De acuerdo. La cuadrilla puede acompañar esa medición. ¿Cuántas noches serían?"),
    ("provider", "en", "Three nights. We have shared a first savings model; the figures are still wide on purpose."),
)


class _Told(NamedTuple):
    stage: str
    reached: str
    words: str
    language: str


CITY_SAYS = _Told("contract", "partly", "O contrato está assinado, mas só dois serviços o usam até agora.", "pt")
PROVIDER_SAYS = _Told("operating", "yes", "In use in the whole administration since last month.", "en")


class Introductions:
    """``speaks`` maps an organisation's pk to the person who speaks for it."""

    def __init__(self, staff: dict[str, User], speaks: dict[int, User]) -> None:
        self.moderator, self.speaks = staff["moderator"], speaks

    def play(self) -> None:
        demand = Demand.objects.live().filter(title_es=TITLE).first()
        if demand is not None and demand.organisation_id is not None:
            self._living(demand, self.speaks[demand.organisation_id])
        self._finished()

    def _living(self, demand: Demand, city: User) -> None:
        talking, invited = (self._invite(demand, name, city) for name in (TALKING, INVITED))
        give_pack(demand=demand)
        set_question_date(by=city, demand=demand, until=_day(21, 17), zone="America/Santiago")
        file = Upload("catastro-luminarias.csv", "text/csv", INVENTORY.encode())
        add_pack_document(by=city, demand=demand, file=file, note="Luminarias por sector")
        waiting = Upload("convenio-postes.txt", "text/plain", AGREEMENT.encode())
        add_pack_document(by=city, demand=demand, file=waiting, note="Convenio vigente", look=True)
        self._questions(demand, city, self._provider(talking), self._provider(invited))
        introduction = accept_for_provider(by=self._provider(talking), match=_again(talking))
        self._talk(introduction, city, self._provider(talking))

    def _invite(self, demand: Demand, name: str, city: User) -> Match:
        solution = Solution.objects.listed().get(name_en=name)
        match = add_match(by=self.moderator, demand=demand, solution=solution, note=BY_HAND[name])
        offer_match(by=self.moderator, match=_again(match), note=BY_HAND[name])
        return accept_for_city(by=city, match=_again(match))

    def _provider(self, match: Match) -> User:
        return self.speaks[match.solution.provider.organisation_id]

    def _questions(self, demand: Demand, city: User, first: User, second: User) -> None:
        """One that everybody has read, one for the moderators' desk, one for the city's."""
        for by, language, (body, answer) in ((first, "en", ANSWERED), (second, "es", TO_RELEASE)):
            question = ask_question(by=by, demand=demand, body=body, language=language)
            question = answer_question(by=city, question=question, answer=answer, language="es")
            if body == ANSWERED[0]:
                release_answer(by=self.moderator, question=question)
        ask_question(by=first, demand=demand, body=OPEN, language="en")

    def _talk(self, introduction: Introduction, city: User, provider: User) -> None:
        file = Upload("savings-model.txt", "text/plain", MODEL.encode())
        add_shared_document(by=provider, introduction=introduction, file=file, note="First draft, for our meeting")
        for side, language, body in THREAD:
            by = city if side == "city" else provider
            post_message(by=by, introduction=_fresh(introduction), body=body, language=language)
        agreed = propose_meeting(
            by=provider, introduction=_fresh(introduction), subject="Baseline and night survey",
            place="https://meet.example/rancagua", minutes=60, zone="Europe/London",
            times=[_day(9, 14), _day(10, 14), _day(10, 16)],
        )  # fmt: skip
        choose_time(by=city, meeting=agreed, starts_at=_day(10, 14))
        propose_meeting(
            by=city, introduction=_fresh(introduction), subject="Recorrido por los sectores Oriente y Poniente",
            place="Plaza de los Héroes, Rancagua", minutes=180, zone="America/Santiago",
            times=[_day(23, 13), _day(24, 13)],
        )  # fmt: skip

    def _finished(self) -> None:
        """A contract of the spring: three months after the introduction the two sides say different things."""
        found = Introduction.objects.with_records().filter(outcome="contract", match__demand__original_language="pt")
        introduction = found.order_by("pk").first()
        if introduction is None:
            return
        match = introduction.match
        city, provider = self.speaks[match.demand.organisation_id], self._provider(match)
        keep_ocid(by=city, introduction=introduction, ocid="ocds-demo01-2026-0117")
        _long_ago(introduction, timedelta(days=110))
        due_on = months_after(timezone.localdate() - timedelta(days=110), 3)
        asked_at = timezone.now() - timedelta(days=5)
        follow_up = FollowUp(introduction=introduction, months=3, due_on=due_on, asked_at=asked_at)
        follow_up.save(force_insert=True)
        for side, user, told in (("city", city, CITY_SAYS), ("provider", provider, PROVIDER_SAYS)):
            answer_follow_up(asked=Asked(follow_up, side, user), **told._asdict())


def _long_ago(introduction: Introduction, since: timedelta) -> None:
    names = ("introduced_at", "city_consent_at", "provider_consent_at", "outcome_at")
    Introduction.objects.filter(pk=introduction.pk).update(**{name: F(name) - since for name in names})
    introduction.messages.update(at=F("at") - since)
    introduction.match.decisions.update(at=F("at") - since)
    Match.objects.filter(pk=introduction.match_id).update(state_since=F("state_since") - since)


def _day(days: int, hour: int) -> datetime:
    """So many days from today, at an hour of UTC; a weekend is stepped over."""
    day = timezone.localdate() + timedelta(days=days)
    day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("UTC"))


def _again(match: Match) -> Match:
    return Match.objects.with_records().get(pk=match.pk)


def _fresh(introduction: Introduction) -> Introduction:
    return Introduction.objects.with_records().get(pk=introduction.pk)
