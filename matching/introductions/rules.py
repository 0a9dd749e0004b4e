"""Who takes part in a demand's questions and answers, and in an introduction. Default is no."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from cities.coach.partners import partners_of
from cities.models import Demand
from cities.rules import can_read_ranking
from matching.introductions.states import INVITED
from matching.models import Introduction, Match
from matching.rules import can_decide_match, city_id, provider_id
from matching.states import INTRODUCED
from portal.accounts.rules import (
    can_approve_for,
    is_city_member,
    is_member,
    is_moderator,
    is_provider_member,
    is_staff_reader,
    is_tied,
)

if TYPE_CHECKING:
    from matching.introductions.models import Document, FollowUp, Meeting, Question
    from portal.accounts.rules import Reader


def invited_to(user: "Reader") -> QuerySet:
    """The demands in whose pack the reader's organisation takes part, as keys for a subquery."""
    mine = user.organisation_ids if user.is_authenticated else frozenset()
    return Match.objects.filter(state__in=INVITED, solution__provider__organisation_id__in=mine).values("demand_id")


def is_invited(user: "Reader", demand: Demand) -> bool:
    return user.is_authenticated and user.is_active and invited_to(user).filter(demand=demand).exists()


def can_see_pack(user: "Reader", demand: Demand) -> bool:
    return can_read_ranking(user, demand) or is_invited(user, demand)


def can_fill_pack(user: "Reader", demand: Demand) -> bool:
    """Put documents in, draft answers: the city's own people."""
    return is_member(user, demand.organisation_id)


def can_set_question_date(user: "Reader", demand: Demand) -> bool:
    return can_approve_for(user, demand.organisation_id) or can_moderate_demand(user, demand)


def can_moderate_demand(user: "Reader", demand: Demand) -> bool:
    """A moderator without ties to the city or to any provider that is invited."""
    return is_moderator(user) and not is_tied(user, demand.organisation_id) and not is_invited(user, demand)


def can_ask(user: "Reader", demand: Demand) -> bool:
    return is_invited(user, demand) and not is_member(user, demand.organisation_id)


def can_answer_question(user: "Reader", question: "Question") -> bool:
    return can_fill_pack(user, question.demand)


def can_moderate_question(user: "Reader", question: "Question") -> bool:
    may = can_moderate_demand(user, question.demand) and not is_tied(user, question.organisation_id)
    return may and ("question", question.public_id) not in user.recused_items


def can_look_at_document(user: "Reader", document: "Document") -> bool:
    """Release a held document, or hand it back."""
    may = document.demand is not None and can_moderate_demand(user, document.demand)
    return may and ("document", document.public_id) not in user.recused_items


def is_asker(user: "Reader", question: "Question") -> bool:
    return is_member(user, question.organisation_id)


def can_read_asker(user: "Reader", question: "Question") -> bool:
    """Who asked, and when: ICLEI, and the asking organisation itself."""
    return is_staff_reader(user) or is_asker(user, question)


def can_read_draft(user: "Reader", question: "Question") -> bool:
    """An answer before its release: whoever sees the question, but not the asker, who would be told earlier."""
    return question.state == "released" or not is_asker(user, question)


def can_read_note(user: "Reader", question: "Question") -> bool:
    """A moderator's words: to the asker where the question is refused, else to the city."""
    if is_staff_reader(user):
        return True
    return is_asker(user, question) if question.state == "refused" else can_answer_question(user, question)


def can_see_clean_file(user: "Reader", demand: Demand) -> bool:
    """It names who competes: for those who speak for the city, and for ICLEI's readers."""
    if is_staff_reader(user) or can_approve_for(user, demand.organisation_id):
        return True
    return is_city_member(user) and any(can_approve_for(user, body.pk) for body in partners_of(demand))


def can_express_interest(user: "Reader", demand: Demand) -> bool:
    return is_provider_member(user) and demand.is_live and not is_member(user, demand.organisation_id)


def side_in(user: "Reader", introduction: Introduction) -> int | None:
    """The organisation for which the reader takes part; None for ICLEI and for strangers."""
    match = introduction.match
    return next((pk for pk in (city_id(match), provider_id(match)) if pk and is_member(user, pk)), None)


def can_take_part(user: "Reader", introduction: Introduction) -> bool:
    """Write, share documents, propose times: both sides, and a moderator without ties."""
    match = introduction.match
    return match.state in INTRODUCED and (side_in(user, introduction) is not None or can_decide_match(user, match))


def can_choose_time(user: "Reader", meeting: "Meeting") -> bool:
    """The side that did not propose; where ICLEI proposed, either."""
    side = side_in(user, meeting.introduction)
    return side is not None and side != meeting.organisation_id and meeting.introduction.match.state in INTRODUCED


def can_settle_follow_up(user: "Reader", follow_up: "FollowUp") -> bool:
    may = can_decide_match(user, follow_up.introduction.match)
    return may and ("follow_up", str(follow_up.pk)) not in user.recused_items
