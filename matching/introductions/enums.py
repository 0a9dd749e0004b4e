from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QuestionState(TextChoices):
    ASKED = "asked", pgettext_lazy("question state", "Waiting for the city’s answer")
    ANSWERED = "answered", pgettext_lazy("question state", "Answer to be released")
    RELEASED = "released", pgettext_lazy("question state", "Released to all")
    REFUSED = "refused", pgettext_lazy("question state", "Not answered")

    @property
    def tone(self) -> str:
        return {"asked": "info", "answered": "warning", "released": "success", "refused": "neutral"}[self.value]


class QuestionRefusal(TextChoices):
    ANSWERED_ALREADY = "answered_already", _("The pack answers it already")
    OFF_TOPIC = "off_topic", _("It is not about this demand")
    SEEKS_ADVANTAGE = "seeks_advantage", _("It asks for something others could not be told")
    CONTACT = "contact", _("It asks for or offers a contact")


class Held(TextChoices):
    """Why a document of a pack waits for a moderator before anybody gets it."""

    UNREADABLE = "unreadable", _("A program cannot read it: a scan, a picture, or a locked or signed file")
    DISPUTED = "disputed", _("The city says that what was found in it reaches nobody")


class MeetingState(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("meeting state", "Times proposed")
    AGREED = "agreed", pgettext_lazy("meeting state", "Agreed")
    CANCELLED = "cancelled", pgettext_lazy("meeting state", "Cancelled")

    @property
    def tone(self) -> str:
        return {"proposed": "info", "agreed": "success", "cancelled": "neutral"}[self.value]


class Shown(TextChoices):
    """What of the pack was given or opened."""

    FACTS = "facts", pgettext_lazy("in the pack", "The demand’s facts")
    DOCUMENT = "document", pgettext_lazy("in the pack", "Document")
    ANSWER = "answer", pgettext_lazy("in the pack", "Question and answer")


class Act(TextChoices):
    GIVEN = "given", pgettext_lazy("equal information", "Given")
    OPENED = "opened", pgettext_lazy("equal information", "Opened")


class Stage(TextChoices):
    """Where it stands, as one side says in a follow-up."""

    TALKING = "talking", pgettext_lazy("follow-up", "We are still talking")
    PILOT = "pilot", pgettext_lazy("follow-up", "A pilot is running or was run")
    TENDER = "tender", pgettext_lazy("follow-up", "A tender is open or in preparation")
    CONTRACT = "contract", pgettext_lazy("follow-up", "A contract is signed")
    OPERATING = "operating", pgettext_lazy("follow-up", "It is in operation")
    ENDED = "ended", pgettext_lazy("follow-up", "It ended without a result")


class Reached(TextChoices):
    YES = "yes", pgettext_lazy("follow-up", "Yes")
    PARTLY = "partly", pgettext_lazy("follow-up", "In part")
    NO = "no", pgettext_lazy("follow-up", "No")
    TOO_EARLY = "too_early", pgettext_lazy("follow-up", "Too early to say")


class Received(TextChoices):
    """What became of a mail that came in."""

    POSTED = "posted", "posted"
    STRANGER = "stranger", "stranger"
    AUTOMATIC = "automatic", "automatic"
    TOO_LARGE = "too_large", "too large"
    EMPTY = "empty", "empty"
    UNKNOWN = "unknown", "unknown address"
