"""A little life on the moderators' desk: who is at what, an objection, an expert with a question and an answer."""

from datetime import timedelta

from django.utils import timezone

from catalog.models import Topic
from cities.models import Demand
from matching.complaints.actions import file_complaint
from matching.experts.actions import accept_advice, answer_advice, ask_for_advice
from matching.experts.models import Advice, Expert
from matching.models import Match
from matching.states import CITY_SEES
from matching.workbench.actions import save_view, set_routing, take_item
from portal.accounts.models import User

TOPICS = ("street_lighting", "energy_performance_contracting", "smart_grids")
QUESTION = (
    "Antes de publicar el pliego: ¿conviene pedir un mínimo de vida útil en horas, o una garantía en años? "
    "Queremos no excluir a nadie sin motivo."
)
ANSWER = (
    "Ask for a warranty in years with a stated number of burning hours a year, and leave the hours of the lamp itself "
    "open. Makers test hours in different ways, so a figure in hours excludes some for how they measure."
)
OBJECTION = "기한 내 답변이 어려워 연장을 요청했으나 회신을 받지 못했습니다. 제안 검토 기간을 다시 주시기 바랍니다."


class Desk:
    """``speaks`` maps an organisation's pk to the person who speaks for it."""

    def __init__(self, staff: dict[str, User], speaks: dict[int, User]) -> None:
        self.staff, self.speaks = staff, speaks

    def play(self) -> None:
        moderator, korean = self.staff["moderator"], self.staff["moderator2"]
        set_routing(by=korean, languages=["ko", "ja"], regions=["030"])
        save_view(by=moderator, name="South America", query="place=005")
        waiting = Demand.objects.waiting_for_review().order_by("pk").first()
        if waiting is not None:
            take_item(by=korean, kind="demand", item=waiting.public_id)
        self._advice(self._expert())
        self._complaint()

    def _expert(self) -> Expert:
        expert = Expert(
            user=self.staff["expert"],
            affiliation="Institute for Urban Light, Yokohama",
            languages=["ja", "en", "es"],
            interests="Wrote the lighting guide of the national association; holds no shares.",
            consented_at=timezone.now(),
        )
        expert.save(force_insert=True)
        expert.topics.set(Topic.objects.filter(code__in=TOPICS))
        return expert

    def _advice(self, expert: Expert) -> None:
        """The first Spanish demand in public asks; the answer is in English."""
        demand = (
            Demand.objects.live().filter(original_language="es", organisation__in=self.speaks).order_by("pk").first()
        )
        if demand is None or demand.organisation_id is None:
            return
        due = timezone.localdate() + timedelta(days=14)
        by = self.speaks[demand.organisation_id]
        advice = ask_for_advice(by=by, expert=expert, demand=demand, question=QUESTION, language="es", due_on=due)
        accept_advice(by=expert.user, advice=advice)
        answer_advice(
            by=expert.user, advice=Advice.objects.get(pk=advice.pk), answer=ANSWER, language="en", has_interests=False
        )

    def _complaint(self) -> None:
        found = Match.objects.filter(
            state__in=CITY_SEES,
            demand__organisation__in=self.speaks,
            demand__original_language="ko",
        )
        match = found.with_records().order_by("pk").first()
        if match is not None:
            by = self.speaks[match.demand.organisation_id]
            file_complaint(by=by, kind="match", record=match, words=OBJECTION, language="ko")
