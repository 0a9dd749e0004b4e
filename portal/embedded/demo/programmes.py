"""Programmes of the demo: a call that is open, a jury at work, a cohort, a published report. All texts are our own."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from catalog.models import FocusArea, Solution
from cities.models import Demand
from portal.accounts.models import User
from portal.programmes.application_actions import (
    screen_application,
    start_application,
    submit_application,
    write_application,
)
from portal.programmes.call_actions import Asked, Weighted, answer_enquiry, ask_about_call, create_call, set_rules
from portal.programmes.cohort_actions import add_milestone, answer_follow_up, ask_follow_up, mark_reached, move_member
from portal.programmes.event_actions import create_event, register_for_event
from portal.programmes.jury_actions import Points, ask_juror, declare_conflicts, give_points, propose_verdict
from portal.programmes.models import Application, Call, CohortMember, Juror, Programme
from portal.programmes.programme_actions import add_partner, create_programme, move_programme
from portal.programmes.record_actions import link_record
from portal.programmes.text_actions import write_report
from portal.programmes.texts import pieces_of
from portal.translating.actions import translate_text

Texts = dict[str, dict[str, str]]

TEXTS: dict[str, Any] = json.loads((Path(__file__).parent / "programmes.json").read_text("utf-8"))


TRANSLATED: dict[str, Any] = TEXTS["translated"]


def _end_of_day(days: int) -> datetime:
    """23:59 anywhere on earth, some days from now."""
    return (timezone.now() + timedelta(days=days)).replace(hour=11, minute=59, second=0, microsecond=0)


class Programmes:
    """Plays the programme manager, applicants and jurors. ``speaks`` maps an organisation's pk to its person."""

    def __init__(self, staff: dict[str, User], speaks: dict[int, User]) -> None:
        self.staff, self.speaks, self.by = staff, speaks, staff["programme"]

    def play(self) -> None:
        self._cool_schools()
        self._light()
        self._shade()

    def _programme(self, texts: Texts, kind: str, area: str, regions: list[str]) -> Programme:
        facts = {"kind": kind, "regions": regions, "starts_on": timezone.localdate() + timedelta(days=60)}
        areas = FocusArea.objects.filter(code=area) or FocusArea.objects.all()[:1]
        programme = create_programme(by=self.by, language="en", texts=texts["en"], facts=facts, areas=areas)
        for language in set(texts) & set(TRANSLATED["event"]["title"]):
            translate_text(by=self.by, subject=programme, language=language, texts=texts[language])
        Programme.objects.filter(pk=programme.pk).update(is_demo=True)
        return Programme.objects.get(pk=programme.pk)

    def _call(self, programme: Programme, texts: dict[str, str], **facts: Any) -> Call:
        given = {"deadline": _end_of_day(24), "zone": "AoE", "places": 3, "jurors_needed": 2, **facts}
        call = create_call(by=self.by, programme=programme, texts=texts, facts=given)
        criteria = [Weighted("Need and effect", 40), Weighted("Readiness", 30), Weighted("What others can learn", 30)]
        questions = [Asked("What changes for people if you take part?", True), Asked("Who will work on it?", False)]
        set_rules(by=self.by, call=call, criteria=criteria, questions=questions)
        return call

    def _translate(self, subject: Any, texts: Texts) -> None:
        """Into the six languages: what is given by field, and lines that are known by their words."""
        told = {
            piece.key: texts.get(piece.key, TRANSLATED["lines"].get(piece.original, {})) for piece in pieces_of(subject)
        }
        for language in TRANSLATED["event"]["title"]:
            found = {key: given[language] for key, given in told.items() if language in given}
            translate_text(by=self.by, subject=subject, language=language, texts=found)

    def _cool_schools(self) -> None:
        programme = self._programme(TEXTS["schools"], "programme", "resilience", ["001"])
        add_partner(by=self.by, programme=programme, role="funder", name="Fund for Cooler Cities (example)")
        call = self._call(programme, TEXTS["calls"]["schools"], side="demand", places=12)
        starts = (timezone.now() + timedelta(days=10)).replace(hour=12, minute=0, second=0, microsecond=0)
        event = create_event(
            by=self.by, programme=programme,
            texts=TEXTS["event"],
            facts={"starts_at": starts, "ends_at": starts + timedelta(hours=1), "zone": "Europe/Berlin", "capacity": 40,
                   "link": "https://meet.example/cool-schools", "languages": "English"},
        )  # fmt: skip
        self._translate(call, TRANSLATED["calls"]["schools"])
        self._translate(event, TRANSLATED["event"])
        link_record(by=self.by, programme=programme, subject=self._live_demands()[3])
        move_programme(by=self.by, programme=programme, move="announce")
        move_programme(by=self.by, programme=programme, move="open")
        for demand in self._live_demands()[:2]:
            person = self.speaks[demand.organisation_id]
            self._apply(call, demand, person)
            register_for_event(by=person, event=event)
        asker = self.speaks[self._live_demands()[2].organisation_id]
        question = "May a school belong to the region, not to the city?"
        call = Call.objects.select_related("programme").get(pk=call.pk)
        enquiry = ask_about_call(by=asker, call=call, text=question, language="en")
        answer_enquiry(by=self.by, enquiry=enquiry, answer="Yes, if the region signs the application with the city.")

    def _light(self) -> None:
        programme = self._programme(TEXTS["light"], "initiative", "smart_energy", ["001"])
        call = self._call(programme, TEXTS["calls"]["light"], side="solution", places=2)
        self._translate(call, TRANSLATED["calls"]["light"])
        soon = timezone.localdate() + timedelta(days=5)
        for title, due_on in (("Contract explained in public", soon), ("First street lit", soon + timedelta(days=90))):
            add_milestone(by=self.by, programme=programme, title=title, due_on=due_on)
        for language in TRANSLATED["event"]["title"]:
            texts = TEXTS["light"][language] | {
                piece.key: TRANSLATED["lines"][piece.original][language]
                for piece in pieces_of(programme) if piece.key.startswith("milestone")
            }  # fmt: skip
            translate_text(by=self.by, subject=programme, language=language, texts=texts)
        for move in ("announce", "open"):
            programme = move_programme(by=self.by, programme=programme, move=move)
        for solution in self._live_solutions()[:4]:
            self._apply(call, solution, self.speaks[solution.provider.organisation_id])
        Call.objects.filter(pk=call.pk).update(deadline=_end_of_day(-40))
        for move in ("close", "start_screening"):
            programme = move_programme(by=self.by, programme=programme, move=move)
        self._judge(programme, Call.objects.get(pk=call.pk))

    def _judge(self, programme: Programme, call: Call) -> None:
        for application in call.applications.order_by("number"):
            screen_application(by=self.by, application=application, move="admit")
        jurors = [ask_juror(by=self.by, call=call, user=self.staff[name]) for name in ("expert", "moderator2")]
        programme = move_programme(by=self.by, programme=programme, move="start_jury")
        for shift, juror in enumerate(jurors):
            juror = Juror.objects.select_related("call__programme", "user").get(pk=juror.pk)
            declare_conflicts(by=juror.user, juror=juror, organisations=[])
            for place, application in enumerate(self._admitted(call)):
                points = [max(2, 5 - place - (shift if number == 1 else 0)) for number in range(3)]
                keys = call.criteria.values_list("pk", flat=True)
                sheet = {key: Points(given, "") for key, given in zip(keys, points, strict=True)}
                give_points(by=juror.user, juror=juror, application=application, points=sheet)
        for place, application in enumerate(self._admitted(call)):
            no = {"reason": "score", "note": "Clear and honest; others showed more of what cities can learn from."}
            verdict: dict[str, str] = {"verdict": "accept"} if place < 2 else {"verdict": "decline", **no}
            propose_verdict(by=self.by, application=application, **verdict)
        programme = move_programme(by=self.by, programme=programme, move="publish_results")
        self._run(move_programme(by=self.by, programme=programme, move="start_running"))

    def _run(self, programme: Programme) -> None:
        """One has completed and answered a follow-up, one is on the way."""
        first, second = CohortMember.objects.filter(application__call__programme=programme).order_by("pk")[:2]
        for milestone in programme.milestones.all():
            mark_reached(by=self.by, member=first, milestone=milestone, is_reached=True)
        mark_reached(by=self.by, member=second, milestone=programme.milestones.all()[0], is_reached=True)
        asked = ask_follow_up(member=move_member(by=self.by, member=first, move="complete"), months=6)
        if asked is not None:
            person = self.speaks[first.application.organisation_id]
            words = "Two cities have signed since; a third asks for the contract in its own language."
            answer_follow_up(by=person, follow_up=asked, used="yes", words=words)

    def _shade(self) -> None:
        """An activity without calls, from announcement to report; and beside it a jury that waits for its points."""
        done = self._programme(TEXTS["done"], "activity", "mobility", ["001"])
        demand, other = self._live_demands()[4:6]
        link_record(by=self.by, programme=done, subject=demand)
        for move in ("announce", "start_running"):
            done = move_programme(by=self.by, programme=done, move=move)
        write_report(by=self.by, programme=done, text=TEXTS["done"]["report"])
        move_programme(by=self.by, programme=done, move="publish_report")
        depots = self._programme(
            {"en": TEXTS["jury"] | {"summary": TEXTS["jury"]["about"]}}, "initiative", "mobility", []
        )
        call = self._call(depots, TEXTS["jury"], side="demand", places=1, jurors_needed=1)
        for move in ("announce", "open"):
            depots = move_programme(by=self.by, programme=depots, move=move)
        for subject in (demand, other):
            self._apply(call, subject, self.speaks[subject.organisation_id])
        Call.objects.filter(pk=call.pk).update(deadline=_end_of_day(-3))
        for move in ("close", "start_screening"):
            depots = move_programme(by=self.by, programme=depots, move=move)
        for application in Call.objects.get(pk=call.pk).applications.order_by("number"):
            screen_application(by=self.by, application=application, move="admit")
        ask_juror(by=self.by, call=call, user=self.staff["expert"])
        move_programme(by=self.by, programme=depots, move="start_jury")

    def _admitted(self, call: Call) -> list[Application]:
        return list(call.applications.select_related("call__programme", "organisation").order_by("number"))

    def _apply(self, call: Call, subject: Demand | Solution, by: User) -> None:
        organisation = subject.organisation if isinstance(subject, Demand) else subject.provider.organisation
        language = subject.original_language if subject.original_language in TEXTS["answers"] else "en"
        begun = start_application(by=by, call=call, organisation=organisation, subject=subject, language=language)
        answers = {str(question.pk): TEXTS["answers"][language] for question in call.questions.all()}
        written = write_application(by=by, application=begun, answers=answers, language=language, version=begun.version)
        submit_application(by=by, application=written)

    def _live_demands(self) -> list[Demand]:
        found = Demand.objects.live().filter(organisation__in=list(self.speaks)).select_related("organisation")
        return list(found.order_by("pk"))

    def _live_solutions(self) -> list[Solution]:
        found = Solution.objects.listed().filter(provider__organisation__in=list(self.speaks))
        lamps = found.filter(focus_area__code="smart_energy").select_related("provider__organisation")
        return list(lamps.order_by("pk"))
