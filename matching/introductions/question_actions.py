"""Questions and answers: asked by one, answered by the city, released to everybody at the same moment."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import Demand
from matching.introductions.contacts import masked, refuse_contacts
from matching.introductions.enums import QuestionState
from matching.introductions.models import Question
from matching.introductions.pack_actions import give_pack, lock_pack
from matching.introductions.people import names_behind
from matching.introductions.rules import can_answer_question, can_ask, can_moderate_question
from matching.introductions.states import INVITED, QUESTION
from matching.models import Match
from portal.accounts.models import Organisation, User
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import DomainError, Incomplete, NotAllowed
from portal.jobs.actions import enqueue

# A side may have so many questions open at once: more is a conversation, which begins after the introduction.
MOST_OPEN = 20


def own_match(user: User, demand: Demand) -> Match:
    """The match by which the reader's organisation is invited. Raises NotAllowed where there is none."""
    found = Match.objects.filter(
        demand=demand, state__in=INVITED, solution__provider__organisation_id__in=user.organisation_ids
    )
    match = found.select_related("solution__provider__organisation").order_by("pk").first()
    if match is None:
        raise NotAllowed(_("Only providers that are invited to this demand can ask."))
    return match


@transaction.atomic
def ask_question(*, by: User, demand: Demand, body: str, language: str) -> Question:
    """Ask the city, by way of a moderator. What names the asker or reaches somebody is refused or masked."""
    if not can_ask(by, demand):
        raise NotAllowed(_("Only providers that are invited to this demand can ask."))
    if not body.strip():
        raise Incomplete(_("Write your question first."), ("body",))
    match = own_match(by, demand)
    provider = match.solution.provider.organisation
    refuse_contacts(body, field="body")
    pack = lock_pack(demand)
    if pack.questions_until is not None and timezone.now() > pack.questions_until:
        raise DomainError(
            _("Questions about this demand have closed. What was answered stands in the pack."), code="questions_closed"
        )
    mine = Question.objects.filter(demand=demand, organisation=provider)
    if mine.filter(state__in=[QuestionState.ASKED, QuestionState.ANSWERED]).count() >= MOST_OPEN:
        raise DomainError(_("You have many questions open. Wait until some of them are answered."), code="too_many")
    question = Question(
        demand=demand, match=match, organisation=provider, body=body, text=without_asker(body, by, provider, demand),
        language=language, asked_by=by, asked_at=timezone.now(),
    )  # fmt: skip
    question.save(force_insert=True)
    record(by=by, action="question.ask", subject=question, after={"demand": demand.pk, "match": match.pk})
    enqueue(kind="introductions.question_asked", subject=f"question:{question.pk}")
    return question


def without_asker(text: str, asker: User, provider: Organisation, demand: Demand) -> str:
    """The text with the asker's own names masked: of the organisation, of its people, and of its solutions."""
    own = list(provider.provider.solutions.values_list("name", flat=True)) if hasattr(provider, "provider") else []
    return masked(text, [asker.name, provider.name, *own, *names_behind(demand, provider.pk)])


@transaction.atomic
def answer_question(*, by: User, question: Question, answer: str, language: str) -> Question:
    """The city's draft. Nobody but ICLEI reads it before it is released."""
    if not can_answer_question(by, question):
        raise NotAllowed
    if not answer.strip():
        raise Incomplete(_("Write the answer first."), ("answer",))
    refuse_contacts(answer, field="answer", names=names_behind(question.demand))
    changes = {
        "answer": answer, "answer_language": language, "answered_by": by, "answered_at": timezone.now(), "note": "",
    }  # fmt: skip
    row = transition(question, "answer", table=QUESTION, by=by, changes=changes)
    enqueue(kind="introductions.question_answered", subject=f"question:{row.pk}", dedupe=_dedupe("answered", row))
    return row


def _moderated(by: User, question: Question) -> None:
    if not can_moderate_question(by, question):
        raise NotAllowed(_("You are tied to one of the parties, so another moderator has to decide."))


@transaction.atomic
def redact_question(*, by: User, question: Question, text: str) -> Question:
    """A moderator rewrites what others will read. What was typed is kept for the trace."""
    _moderated(by, question)
    if not text.strip():
        raise Incomplete(_("Leave at least the question itself."), ("text",))
    refuse_contacts(text, field="text")
    row = Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    if row.state in (QuestionState.RELEASED, QuestionState.REFUSED):
        raise DomainError(_("This question is closed: what others have read is not changed any more."), code="closed")
    if row.text != text:
        before, row.text = row.text, text
        row.save(update_fields=["text", "updated_at"])
        record(by=by, action="question.redact", subject=row, before={"text": before}, after={"text": text})
    return row


@transaction.atomic
def send_answer_back(*, by: User, question: Question, note: str) -> Question:
    """The city is asked to write its answer again."""
    _moderated(by, question)
    if not note.strip():
        raise Incomplete(_("Say what has to change: the city reads your words."), ("note",))
    empty = {"answer": "", "answer_language": "", "answered_by": None, "answered_at": None, "note": note}
    before = question.answer
    row = transition(question, "send_back", table=QUESTION, by=by, note=f"{note}\n\n{before}", changes=empty)
    enqueue(kind="introductions.question_sent_back", subject=f"question:{row.pk}", dedupe=_dedupe("back", row))
    return row


@transaction.atomic
def refuse_question(*, by: User, question: Question, reason: str, note: str = "") -> Question:
    """Not answered, with a reason that the asker reads."""
    _moderated(by, question)
    changes = {"reason": reason, "note": note}
    row = transition(question, "refuse", table=QUESTION, by=by, reason=reason, note=note, changes=changes)
    enqueue(kind="introductions.question_refused", subject=f"question:{row.pk}")
    return row


@transaction.atomic
def release_answer(*, by: User, question: Question, text: str | None = None, answer: str | None = None) -> Question:
    """Question and answer to everybody invited, at this moment: one transaction, one line in the log for each.

    ``text`` and ``answer`` are the words as the moderator last saw and edited them.
    """
    _moderated(by, question)
    lock_pack(question.demand)
    current = Question.objects.get(pk=question.pk)
    changes: dict[str, Any] = {"text": text or current.text, "answer": answer or current.answer, "note": ""}
    refuse_contacts(changes["text"], field="text")
    refuse_contacts(changes["answer"], field="answer", names=names_behind(question.demand))
    changes |= {"released_by": by, "released_at": timezone.now()}
    row = transition(question, "release", table=QUESTION, by=by, changes=changes)
    give_pack(demand=row.demand)
    enqueue(kind="introductions.answer_released", subject=f"question:{row.pk}")
    return row


def _dedupe(what: str, question: Question) -> str:
    return f"question/{what}/{question.pk}/{question.updated_at.isoformat()}"
