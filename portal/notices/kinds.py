"""What people are told, as sentences with named holes. A notice stores the kind and the values, never a finished text:
it is written in the language of whoever reads it, when they read it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Kind:
    """``subject`` is the sentence, ``why`` says why this person is told, ``is_mailed`` whether a mail goes out."""

    subject: Promise
    why: Promise
    is_mailed: bool = True


_CITY = _("You get this because you belong to the city body that filed the demand.")
_PROVIDER = _("You get this because you belong to the provider of the solution.")
_MEMBER = _("You get this because you belong to the organisation.")
_FORMER = _("You get this because you belonged to the organisation.")
_MODERATOR = _("You get this because you moderate on this portal.")
_PARTY = _("You get this because your organisation takes part in this introduction.")

KINDS: dict[str, Kind] = {
    "organisation_registered": Kind(_("“%(name)s” asks to be verified"), _MODERATOR, is_mailed=False),
    "organisation_verified": Kind(_("“%(name)s” is verified: you can now submit"), _MEMBER),
    "organisation_refused": Kind(_("“%(name)s” could not be verified; see why and what to do"), _MEMBER),
    "member_joined": Kind(_("%(person)s has joined “%(name)s”"), _MEMBER),
    "role_changed": Kind(_("Your role in “%(name)s” has changed"), _MEMBER),
    "member_removed": Kind(_("You do not belong to “%(name)s” any more"), _FORMER),
    "demand_submitted": Kind(_("A demand waits for review: “%(demand)s”"), _MODERATOR, is_mailed=False),
    "demand_published": Kind(_("Your demand is published: “%(demand)s”"), _CITY),
    "demand_changes_requested": Kind(_("A moderator asks for changes to your demand “%(demand)s”"), _CITY),
    "demand_rejected": Kind(_("Your demand was not published: “%(demand)s”; see why"), _CITY),
    "solution_submitted": Kind(_("A solution waits for review: “%(solution)s”"), _MODERATOR, is_mailed=False),
    "solution_listed": Kind(_("Your solution is listed: “%(solution)s”"), _PROVIDER),
    "solution_changes_requested": Kind(_("A moderator asks for changes to your solution “%(solution)s”"), _PROVIDER),
    "match_offered": Kind(_("A solution is proposed for your demand “%(demand)s”: please answer by %(date)s"), _CITY),
    "match_offer_withdrawn": Kind(_("A proposal for your demand “%(demand)s” was withdrawn"), _CITY),
    "match_invited": Kind(_("A city would like to meet you about “%(demand)s”: please answer by %(date)s"), _PROVIDER),
    "match_declined_by_city": Kind(_("The city declined a proposal for “%(demand)s”"), _MODERATOR, is_mailed=False),
    "match_declined_by_provider": Kind(_("The provider declined the invitation for your demand “%(demand)s”"), _CITY),
    "match_introduced": Kind(_("You are introduced: “%(demand)s” and “%(solution)s”"), _PARTY),
    "match_outcome": Kind(_("A result was recorded for “%(demand)s” and “%(solution)s”"), _PARTY),
    "message_posted": Kind(_("New message about “%(demand)s”"), _PARTY),
}
