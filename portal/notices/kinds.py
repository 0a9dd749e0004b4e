"""What people are told, as sentences with named holes. A notice stores the kind and the values, never a finished text:
it is written in the language of whoever reads it, when they read it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.notices.enums import Cadence


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that a person chooses about together, in their words.

    ``is_service``: it concerns security or a date that binds the reader, so that it comes at once and cannot be
    switched off. ``roles`` are the staff roles the group means anything to; empty for everybody.
    """

    label: Promise
    hint: Promise
    cadence: str = Cadence.NOW
    is_service: bool = False
    roles: tuple[str, ...] = ()


GROUPS: dict[str, Group] = {
    "account": Group(
        _("Security, sign-in and your roles"), _("Passwords, second factor, who you act for."), is_service=True
    ),
    "deadlines": Group(
        _("Questions with a date"), _("Answers you owe by a day, and what changes such a day."), is_service=True
    ),
    "records": Group(_("Your demands and solutions"), _("Reviews, publication, evidence to renew.")),
    "matches": Group(_("Matches and introductions"), _("What the other side and ICLEI decide, results, meetings.")),
    "messages": Group(_("Messages"), _("What somebody writes to you, questions and their answers.")),
    "organisation": Group(_("Your organisation"), _("Verification, members who join.")),
    "programmes": Group(
        _("Programmes, calls and events"), _("Your applications and results, events you registered for.")
    ),
    "searches": Group(_("Saved searches"), _("New results; how often we look, you choose at each search.")),
    "advice": Group(_("Advice and complaints"), _("Requests for advice, answers, objections and their settlement.")),
    "moderation": Group(
        _("Work that waits in the queue"), _("Counts, not one mail each."), Cadence.DAILY,
        roles=("moderator", "neutrality", "administrator"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """``subject`` is the sentence, ``why`` says why this person is told, ``is_mailed`` whether a mail may go out.

    ``count`` stands in place of many: "%(count)s demands were submitted". Such kinds are never listed one by one.
    """

    subject: Promise
    why: Promise
    is_mailed: bool = True
    group: str = "matches"
    count: Promise | None = None

    @property
    def is_service(self) -> bool:
        return GROUPS[self.group].is_service


_CITY = _("You get this because you belong to the city body that filed the demand.")
_PROVIDER = _("You get this because you belong to the provider of the solution.")
_MEMBER = _("You get this because you belong to the organisation.")
_FORMER = _("You get this because you belonged to the organisation.")
_MODERATOR = _("You get this because you moderate on this portal.")
_INVITED = _("You get this because your organisation is invited to this demand, or filed it.")
_INTRODUCED = _("You get this because you said yes to this introduction.")
_PARTY = _("You get this because your organisation takes part in this introduction.")
_COMPLAINANT = _("You get this because you complained about a decision.")
_EXAMINER = _("You get this because you examine this complaint.")
_REPORTER = _("You get this because you reported something.")
_EXPERT = _("You get this because you are an expert on this portal.")
_SEARCHER = _("You get this because you saved the search and asked to hear of new results.")
_ASKER = _("You get this because you or your colleague asked an expert.")

KINDS: dict[str, Kind] = {
    "organisation_registered": Kind(
        _("“%(name)s” asks to be verified"), _MODERATOR, group="moderation",
        count=ngettext_lazy(
            "%(count)s organisation asked to be verified", "%(count)s organisations asked to be verified", "count"
        ),
    ),
    "organisation_verified": Kind(_("“%(name)s” is verified: you can now submit"), _MEMBER, group="organisation"),
    "organisation_refused": Kind(
        _("“%(name)s” could not be verified; see why and what to do"), _MEMBER, group="organisation"
    ),
    "organisation_suspended": Kind(
        _("ICLEI has suspended “%(name)s”: nothing can be submitted; see why"), _MEMBER, group="organisation"
    ),
    "verification_ending": Kind(
        _("The proof of “%(name)s” ends on %(date)s: send ICLEI a new one"), _MEMBER, group="deadlines"
    ),
    "verification_lapsed": Kind(
        _("The proof of “%(name)s” has run out: you can submit again once ICLEI has seen a new one"),
        _MEMBER, group="deadlines",
    ),
    "member_joined": Kind(_("%(person)s has joined “%(name)s”"), _MEMBER, group="organisation"),
    "role_changed": Kind(_("Your role in “%(name)s” has changed"), _MEMBER, group="account"),
    "member_removed": Kind(_("You do not belong to “%(name)s” any more"), _FORMER, group="account"),
    "draft_place": Kind(
        _("Go on with “%(title)s” where you stopped"), _("You get this because you asked for this link."),
        group="account",
    ),
    "demand_submitted": Kind(
        _("A demand waits for review: “%(demand)s”"), _MODERATOR, group="moderation",
        count=ngettext_lazy("%(count)s demand was submitted", "%(count)s demands were submitted", "count"),
    ),
    "demand_published": Kind(_("Your demand is published: “%(demand)s”"), _CITY, group="records"),
    "demand_changes_requested": Kind(
        _("A moderator asks for changes to your demand “%(demand)s”"), _CITY, group="records"
    ),
    "demand_rejected": Kind(_("Your demand was not published: “%(demand)s”; see why"), _CITY, group="records"),
    "demand_expiring": Kind(
        _("“%(demand)s” takes no new solutions after %(date)s: say whether it still holds"), _CITY, group="deadlines"
    ),
    "demand_on_hold": Kind(_("“%(demand)s” is on hold"), _INVITED),
    "demand_resumed": Kind(_("“%(demand)s” goes on"), _INVITED),
    "demand_ended": Kind(_("“%(demand)s” takes no new solutions any more; see why"), _INVITED),
    "demand_merged": Kind(_("“%(demand)s” is continued in a pooled demand"), _INVITED),
    "demand_edited": Kind(_("The text of “%(demand)s” has changed: please read it again"), _INVITED),
    "solution_submitted": Kind(
        _("A solution waits for review: “%(solution)s”"), _MODERATOR, group="moderation",
        count=ngettext_lazy("%(count)s solution was submitted", "%(count)s solutions were submitted", "count"),
    ),
    "solution_listed": Kind(_("Your solution is listed: “%(solution)s”"), _PROVIDER, group="records"),
    "solution_suspended": Kind(
        _("“%(solution)s” was taken out of the catalogue; see why"), _PROVIDER, group="records"
    ),
    "solution_changes_requested": Kind(
        _("A moderator asks for changes to your solution “%(solution)s”"), _PROVIDER, group="records"
    ),
    "solution_expiring": Kind(
        _("“%(solution)s” leaves the catalogue after %(date)s: say whether it still holds"), _PROVIDER,
        group="deadlines",
    ),
    "solution_expired": Kind(
        _("“%(solution)s” has left the catalogue: say whether it still holds, and it is back"), _PROVIDER,
        group="deadlines",
    ),
    "evidence_checked": Kind(_("ICLEI has looked at the evidence for “%(solution)s”"), _PROVIDER, group="records"),
    "reference_confirmed": Kind(_("%(city)s confirms what you say of “%(solution)s”"), _PROVIDER, group="records"),
    "reference_corrected": Kind(
        _("%(city)s says that something about “%(solution)s” is wrong; see what"), _PROVIDER, group="records"
    ),
    "reference_refused": Kind(
        _("%(city)s does not confirm what you say of “%(solution)s”; see why"), _PROVIDER, group="records"
    ),
    "reference_wrong_person": Kind(
        _("You asked the wrong person in %(city)s about “%(solution)s”: ask somebody else"), _PROVIDER, group="records"
    ),
    "evidence_to_check": Kind(
        _("A city's answer about “%(solution)s” wants a look"), _MODERATOR, group="moderation",
        count=ngettext_lazy(
            "%(count)s answer of a city wants a look", "%(count)s answers of cities want a look", "count"
        ),
    ),
    "pool_invited": Kind(
        _("%(city)s proposes to join forces: your demand “%(demand)s”"), _CITY, group="records"
    ),
    "pool_answered": Kind(_("%(city)s has answered about the pooled demand “%(demand)s”"), _CITY, group="records"),
    "match_offered": Kind(
        _("A solution is proposed for your demand “%(demand)s”: please answer by %(date)s"), _CITY, group="deadlines"
    ),
    "match_offer_withdrawn": Kind(_("A proposal for your demand “%(demand)s” was withdrawn"), _CITY, group="deadlines"),
    "match_invited": Kind(
        _("A city would like to meet you about “%(demand)s”: please answer by %(date)s"), _PROVIDER, group="deadlines"
    ),
    "match_declined_by_city": Kind(
        _("The city declined a proposal for “%(demand)s”"), _MODERATOR, group="moderation",
        count=ngettext_lazy("Cities declined %(count)s proposal", "Cities declined %(count)s proposals", "count"),
    ),
    "match_declined_by_provider": Kind(_("The provider declined the invitation for your demand “%(demand)s”"), _CITY),
    "match_introduced": Kind(_("You are introduced: “%(demand)s” and “%(solution)s”"), _PARTY),
    "match_outcome": Kind(_("A result was recorded for “%(demand)s” and “%(solution)s”"), _PARTY),
    "organisation_reversed": Kind(
        _("ICLEI took back its decision on “%(name)s”; see why"), _MEMBER, group="organisation"
    ),
    "demand_reversed": Kind(
        _("ICLEI took back its decision on your demand “%(name)s”; see why"), _CITY, group="records"
    ),
    "solution_reversed": Kind(
        _("ICLEI took back its decision on your solution “%(name)s”; see why"), _PROVIDER, group="records"
    ),
    "confirmation_given": Kind(_("%(person)s confirmed your decision on %(name)s"), _MODERATOR, group="moderation"),
    "confirmation_refused": Kind(
        _("%(person)s did not confirm your decision on %(name)s; see why"), _MODERATOR, group="moderation"
    ),
    "match_paused": Kind(
        _("“%(demand)s” and “%(solution)s” are paused while ICLEI examines an objection"), _PARTY, group="matches"
    ),
    "match_resumed": Kind(
        _("“%(demand)s” and “%(solution)s” go on: ICLEI has examined the objection"), _PARTY, group="matches"
    ),
    "match_reopened": Kind(_("ICLEI decides anew about “%(demand)s” and “%(solution)s”"), _PARTY, group="matches"),
    "interest_not_followed": Kind(
        _("ICLEI does not propose “%(solution)s” for “%(demand)s”: see where you stand"), _PROVIDER, group="matches"
    ),
    "complaint_filed": Kind(
        _("Your complaint %(name)s is filed: you get an answer by %(date)s"), _COMPLAINANT, group="advice"
    ),
    "complaint_answered": Kind(_("Your complaint %(name)s is answered"), _COMPLAINANT, group="advice"),
    "complaint_appealed": Kind(
        _("Your appeal in %(name)s is filed: you get an answer by %(date)s"), _COMPLAINANT, group="advice"
    ),
    "complaint_closed": Kind(_("Your appeal in %(name)s is answered"), _COMPLAINANT, group="advice"),
    "complaint_assigned": Kind(
        _("Complaint %(name)s is yours to examine: please answer by %(date)s"), _EXAMINER, group="deadlines"
    ),
    "complaint_withdrawn": Kind(_("Complaint %(name)s was withdrawn"), _EXAMINER, group="advice"),
    "flag_settled": Kind(_("What you reported about %(name)s was looked into"), _REPORTER, group="advice"),
    "search_found": Kind(_("New results for “%(name)s”: %(count)s"), _SEARCHER, group="searches"),
    "advice_asked": Kind(
        _("Your advice is wanted on “%(demand)s”: please answer by %(date)s"), _EXPERT, group="deadlines"
    ),
    "advice_withdrawn": Kind(_("Your advice on “%(demand)s” is not needed any more"), _EXPERT, group="advice"),
    "advice_accepted": Kind(_("%(person)s writes an advice on “%(demand)s”"), _ASKER, group="advice"),
    "advice_declined": Kind(_("%(person)s cannot advise on “%(demand)s”; see why"), _ASKER, group="advice"),
    "advice_answered": Kind(_("An advice on “%(demand)s” is there"), _ASKER, group="advice"),
    "message_posted": Kind(_("New message about “%(demand)s”"), _PARTY, group="messages"),
    "match_stalled": Kind(
        _("Nobody has written about “%(demand)s” for a month: does it go on? A message or a result is enough"), _PARTY
    ),
    "question_asked": Kind(_("A provider asks about your demand “%(demand)s”"), _CITY, group="messages"),
    "question_sent_back": Kind(
        _("ICLEI asks you to change an answer about “%(demand)s” before it is released"), _CITY, group="messages"
    ),
    "question_answered": Kind(
        _("An answer about “%(demand)s” waits for release"), _MODERATOR, group="moderation",
        count=ngettext_lazy("%(count)s answer waits for release", "%(count)s answers wait for release", "count"),
    ),
    "question_refused": Kind(
        _("Your question about “%(demand)s” is not answered; see why"), _INVITED, group="messages"
    ),
    "answer_released": Kind(
        _("A question about “%(demand)s” is answered, for all invited providers at once"), _INVITED, group="messages"
    ),
    "question_date": Kind(_("Questions about “%(demand)s” can be asked until %(date)s"), _INVITED, group="deadlines"),
    "pack_document": Kind(_("New document about “%(demand)s”: “%(name)s”"), _INVITED, group="messages"),
    "document_held": Kind(
        _("A document about “%(demand)s” waits for a look"), _MODERATOR, group="moderation",
        count=ngettext_lazy("%(count)s document waits for a look", "%(count)s documents wait for a look", "count"),
    ),
    "document_handed_back": Kind(
        _("“%(name)s” about “%(demand)s” was not given to the providers: %(note)s"), _CITY, group="messages"
    ),
    "shared_document": Kind(_("New document about “%(demand)s”: “%(name)s”"), _PARTY, group="messages"),
    "meeting_proposed": Kind(_("Times are proposed for a meeting about “%(demand)s”: please pick one"), _PARTY),
    "meeting_agreed": Kind(_("The meeting about “%(demand)s” is agreed"), _PARTY),
    "meeting_moved": Kind(_("New times are proposed for the meeting about “%(demand)s”: please pick one"), _PARTY),
    "meeting_cancelled": Kind(_("The meeting about “%(demand)s” is cancelled"), _PARTY),
    "follow_up_asked": Kind(
        _("How did it go with “%(demand)s”? Three questions, without signing in"), _INTRODUCED, group="records"
    ),
    "follow_up_reminder": Kind(
        _("Reminder: how did it go with “%(demand)s”? Three questions, without signing in"), _INTRODUCED,
        group="records",
    ),
    "follow_up_conflict": Kind(
        _("City and provider say different things about “%(demand)s”"), _MODERATOR, group="moderation",
        count=ngettext_lazy(
            "In %(count)s follow-up the two sides differ", "In %(count)s follow-ups the two sides differ", "count"
        ),
    ),
}  # fmt: skip

_APPLICANT = _("You get this because your organisation applied to the call.")
_ASKED = _("You get this because you started an application or asked about the call.")
_SEAT = _("You get this because you registered for the event.")
_MANAGER = _("You get this because you manage programmes on this portal.")
_JUROR = _("You get this because you were asked to judge applications.")
_OFFICER = _("You get this because you watch over neutrality on this portal.")

KINDS |= {
    "application_submitted": Kind(
        _("Your application to “%(call)s” is in: “%(title)s”"), _APPLICANT, group="programmes"
    ),
    "deadline_extended": Kind(_("More time for “%(call)s”: until %(date)s"), _ASKED, group="deadlines"),
    "deadline_near": Kind(
        _("“%(call)s” closes at %(date)s and your application is not submitted"), _APPLICANT, group="deadlines"
    ),
    "application_withdrawn": Kind(
        _("Your application to “%(call)s” is withdrawn: “%(title)s”"), _APPLICANT, group="programmes"
    ),
    "application_reopened": Kind(
        _("Your application to “%(call)s” is judged again: “%(title)s”"), _APPLICANT, group="deadlines"
    ),
    "call_opened": Kind(_("“%(call)s” takes applications until %(date)s"), _ASKED, group="programmes"),
    "neutrality_needed": Kind(
        _("Somebody who carries or pays for “%(title)s” may gain from it: a neutrality note is needed"),
        _OFFICER,
        group="advice",
    ),
    "juror_left": Kind(_("%(person)s has left the jury of “%(call)s”"), _MANAGER, group="programmes"),
    "juror_released": Kind(_("You do not sit on the jury of “%(call)s” any more"), _JUROR, group="advice"),
    "programme_begins": Kind(_("“%(title)s” begins: see its milestones"), _APPLICANT, group="programmes"),
    "programme_reported": Kind(_("“%(title)s” is over: its report is published"), _APPLICANT, group="programmes"),
    "cohort_changed": Kind(_("Your part in “%(title)s” has changed: see how"), _APPLICANT, group="programmes"),
    "cohort_left": Kind(_("“%(name)s” has left “%(title)s”"), _MANAGER, group="programmes"),
    "cohort_asked": Kind(_("How did it go on after “%(title)s”? Two questions"), _APPLICANT, group="programmes"),
    "milestone_near": Kind(
        _("A milestone of “%(title)s” is due on %(date)s: “%(name)s”"), _APPLICANT, group="programmes"
    ),
    "objection_upheld": Kind(
        _("A complaint about “%(call)s” was upheld: look at application %(name)s again"), _MANAGER, group="programmes"
    ),
    "enquiry_asked": Kind(_("A question about “%(call)s” waits for an answer"), _MANAGER, group="programmes"),
    "enquiry_answered": Kind(_("A question about “%(call)s” is answered"), _ASKED, group="programmes"),
    "call_closed": Kind(_("“%(title)s” is closed: applications wait to be checked"), _MANAGER, group="programmes"),
    "application_admitted": Kind(
        _("Your application to “%(call)s” goes to the jury: “%(title)s”"), _APPLICANT, group="programmes"
    ),
    "application_screened_out": Kind(
        _("Your application to “%(call)s” does not go to the jury: “%(title)s”; see why"), _APPLICANT, group="deadlines"
    ),
    "application_accepted": Kind(
        _("Your application to “%(call)s” is accepted: “%(title)s”"), _APPLICANT, group="deadlines"
    ),
    "application_declined": Kind(
        _("Your application to “%(call)s” is not accepted: “%(title)s”; see why"), _APPLICANT, group="deadlines"
    ),
    "juror_asked": Kind(_("You are asked to judge applications to “%(call)s”"), _JUROR, group="advice"),
    "jury_begins": Kind(
        _("The jury of “%(call)s” begins: please declare conflicts, then score"), _JUROR, group="advice"
    ),
    "seat_registered": Kind(_("You have a place: “%(event)s”"), _SEAT, group="programmes"),
    "seat_waiting": Kind(_("You are on the waiting list: “%(event)s”"), _SEAT, group="programmes"),
    "seat_given_up": Kind(_("Your registration is cancelled: “%(event)s”"), _SEAT, group="programmes"),
    "event_changed": Kind(_("Time or place has changed: “%(event)s”"), _SEAT, group="deadlines"),
    "event_cancelled": Kind(_("The event does not take place: “%(event)s”"), _SEAT, group="deadlines"),
    "event_near": Kind(_("It begins soon: “%(event)s”"), _SEAT, group="programmes"),
}
