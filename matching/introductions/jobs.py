"""Who is told of what around an introduction. Each thing reaches everybody concerned from one job, at one moment."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from cities.models import Demand
from matching.introductions.follow_up_actions import SIDES, follow_up_token
from matching.introductions.models import Document, FollowUp, InboundMail, Meeting, Pack, Question
from matching.introductions.pack_actions import give_pack, invited_organisations
from matching.models import Introduction, Match
from matching.rules import city_id, provider_id
from portal.accounts.models import User
from portal.common.translated import original
from portal.jobs.models import Job
from portal.jobs.registry import PATIENTLY, handles
from portal.notices.actions import members_of, moderators, notify, path_of
from portal.notices.clock import zone_of
from portal.notices.mail import letter


def _pk(job: Job) -> int:
    return int(job.subject.partition(":")[2])


def _params(demand: Demand, **more: str) -> dict[str, str]:
    return {"demand": original(demand, "title"), **more}


def _invited_people(demand: Demand) -> list[User]:
    return [user for pk in invited_organisations(demand) for user in members_of(pk)]


@handles("introductions.pack_given", queue="default")
def pack_given(job: Job) -> None:
    """A provider is invited: the log notes all that it is given."""
    demand = Demand.objects.filter(pk=_pk(job)).first()
    if demand is not None:
        give_pack(demand=demand)


def _about_question(job: Job, kind: str, people: "Iterable[User]", question: Question) -> None:
    path, params = path_of(question), _params(question.demand)
    notify(recipients=people, kind=kind, event=f"{kind}:{question.pk}:{job.pk}", params=params, path=path)


def _question(job: Job) -> Question | None:
    found: Question | None = Question.objects.with_records().filter(pk=_pk(job)).first()
    return found


@handles("introductions.question_asked", queue="default")
def question_asked(job: Job) -> None:
    if question := _question(job):
        _about_question(job, "question_asked", members_of(question.demand.organisation_id), question)


@handles("introductions.question_answered", queue="default")
def question_answered(job: Job) -> None:
    if question := _question(job):
        _about_question(job, "question_answered", moderators(), question)


@handles("introductions.question_sent_back", queue="default")
def question_sent_back(job: Job) -> None:
    if question := _question(job):
        _about_question(job, "question_sent_back", members_of(question.demand.organisation_id), question)


@handles("introductions.question_refused", queue="default")
def question_refused(job: Job) -> None:
    if question := _question(job):
        _about_question(job, "question_refused", members_of(question.organisation_id), question)


@handles("introductions.answer_released", queue="default")
def answer_released(job: Job) -> None:
    if question := _question(job):
        people = [*_invited_people(question.demand), *members_of(question.demand.organisation_id)]
        _about_question(job, "answer_released", people, question)


@handles("introductions.question_date", queue="default")
def question_date(job: Job) -> None:
    pack = Pack.objects.select_related("demand").filter(pk=_pk(job)).first()
    if pack is None or pack.questions_until is None:
        return
    there = timezone.localtime(pack.questions_until, zone_of(pack.zone))
    params = _params(pack.demand, date=f"{date_format(there, 'Y-m-d H:i')} ({pack.zone})")
    people, event = _invited_people(pack.demand), f"question-date:{job.pk}"
    notify(recipients=people, kind="question_date", event=event, params=params, path=path_of(pack))


def _document(job: Job) -> Document | None:
    found = Document.objects.select_related("demand", "introduction__match__demand")
    return found.select_related("introduction__match__solution__provider").filter(pk=_pk(job)).first()


@handles("introductions.document_released", queue="default")
@handles("introductions.document_added", queue="default")
def document_added(job: Job) -> None:
    """To everybody invited, or first to the moderators; or to the other people of an introduction."""
    document = _document(job)
    if document is None or document.removed_at is not None:
        return
    event = f"document:{document.pk}"
    if document.is_held and document.demand is not None:
        path = reverse("introductions:document-review", args=[document.public_id])
        params = _params(document.demand, name=document.name)
        notify(recipients=moderators(), kind="document_held", event=f"{event}:held", params=params, path=path)
    elif document.demand is not None:
        pack = Pack.objects.get(demand=document.demand)
        params = _params(document.demand, name=document.name)
        notify(recipients=_invited_people(document.demand), kind="pack_document", event=event, params=params,
               path=path_of(pack))  # fmt: skip
    elif document.introduction is not None:
        people = [user for user in both_sides(document.introduction) if user.pk != document.added_by_id]
        params = _params(document.introduction.match.demand, name=document.name)
        path = path_of(document.introduction)
        notify(recipients=people, kind="shared_document", event=event, params=params, path=path)


@handles("introductions.document_handed_back", queue="default")
def document_handed_back(job: Job) -> None:
    document = _document(job)
    if document is None or document.demand is None:
        return
    params = _params(document.demand, name=document.name, note=job.payload["note"])
    event, path = f"document:{document.pk}:back", path_of(document.demand.pack)
    people = members_of(document.demand.organisation_id)
    notify(recipients=people, kind="document_handed_back", event=event, params=params, path=path)


def both_sides(introduction: Introduction) -> list[User]:
    match: Match = introduction.match
    found = {user.pk: user for pk in (city_id(match), provider_id(match)) for user in members_of(pk)}
    return list(found.values())


def _about_meeting(job: Job, kind: str) -> None:
    """Both sides, also whoever did it: their calendars follow from the same mail."""
    meeting: Meeting | None = Meeting.objects.with_records().filter(pk=_pk(job)).first()
    if meeting is None:
        return
    people = both_sides(meeting.introduction)
    if kind in ("meeting_proposed", "meeting_moved"):
        people = [user for user in people if user.pk != meeting.proposed_by_id]
    params = _params(meeting.introduction.match.demand)
    event = f"{kind}:{meeting.pk}:{job.pk}"
    notify(recipients=people, kind=kind, event=event, params=params, path=path_of(meeting))


@handles("introductions.meeting_proposed", queue="default")
def meeting_proposed(job: Job) -> None:
    _about_meeting(job, "meeting_proposed")


@handles("introductions.meeting_agreed", queue="default")
def meeting_agreed(job: Job) -> None:
    _about_meeting(job, "meeting_agreed")


@handles("introductions.meeting_moved", queue="default")
def meeting_moved(job: Job) -> None:
    _about_meeting(job, "meeting_moved")


@handles("introductions.meeting_cancelled", queue="default")
def meeting_cancelled(job: Job) -> None:
    _about_meeting(job, "meeting_cancelled")


def _follow_up(job: Job) -> FollowUp | None:
    found: FollowUp | None = FollowUp.objects.with_records().filter(pk=_pk(job)).first()
    return found


def _ask(row: FollowUp, kind: str, sides: Iterable[str]) -> None:
    """Whoever consented is asked, or, where they have left, those who speak for the side now; each by an own link."""
    introduction = row.introduction
    match = introduction.match
    for side in sides:
        organisation_id = city_id(match) if side == "city" else provider_id(match)
        people = members_of(organisation_id, deciding=True)
        consented = introduction.city_consent_by_id if side == "city" else introduction.provider_consent_by_id
        for user in [one for one in people if one.pk == consented] or people:
            path = f"/follow-up/{follow_up_token(row, side, user)}/"
            event = f"{kind}:{row.pk}:{side}"
            notify(recipients=[user], kind=kind, event=event, params=_params(match.demand), path=path)


@handles("introductions.follow_up_asked", queue="default")
def follow_up_asked(job: Job) -> None:
    if row := _follow_up(job):
        _ask(row, "follow_up_asked", SIDES)


@handles("introductions.follow_up_reminder", queue="default")
def follow_up_reminder(job: Job) -> None:
    if row := _follow_up(job):
        answered = {answer.side for answer in row.answers.all()}
        _ask(row, "follow_up_reminder", [side for side in SIDES if side not in answered])


@handles("introductions.follow_up_conflict", queue="default")
def follow_up_conflict(job: Job) -> None:
    if row := _follow_up(job):
        params, event = _params(row.introduction.match.demand), f"follow-up-conflict:{row.pk}:{job.pk}"
        notify(recipients=moderators(), kind="follow_up_conflict", event=event, params=params, path=path_of(row))


def _tell_sender(job: Job) -> None:
    """Why a mail was not taken, in the sender's language, once; marked as automatic, so that no machine answers."""
    if not InboundMail.objects.filter(pk=_pk(job)).exists():
        return
    language, to = job.payload["language"], job.payload["to"]
    with translation.override(language):
        introduction = job.payload.get("introduction", "")
        path = reverse("matching:introduction-detail", args=[introduction]) if introduction else ""
        context = {"why": job.payload["why"], "introduction": introduction, "path": path}
        mail = letter(
            identity=f"not-taken-{_pk(job)}",
            template="mail_not_taken",
            language=language,
            to=to,
            subject=gettext("Your mail was not delivered"),
            context=context,
            headers={"In-Reply-To": job.payload["in_reply_to"], "Auto-Submitted": "auto-replied"},
        )
    mail.send()


@handles("introductions.mail_not_taken", queue="mail", prepare=_tell_sender, waits=PATIENTLY)
def mail_not_taken(job: Job) -> None:
    """The mail went out in ``prepare``; there is nothing to keep of it."""
