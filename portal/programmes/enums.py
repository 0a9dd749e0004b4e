from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProgrammeKind(TextChoices):
    ACTIVITY = "activity", pgettext_lazy("kind of programme", "Activity")
    INITIATIVE = "initiative", pgettext_lazy("kind of programme", "Initiative")
    PROGRAMME = "programme", pgettext_lazy("kind of programme", "Programme")


class ProgrammeState(TextChoices):
    DRAFT = "draft", pgettext_lazy("programme state", "Draft")
    ANNOUNCED = "announced", pgettext_lazy("programme state", "Announced")
    OPEN = "open", pgettext_lazy("programme state", "Open for applications")
    CLOSED = "closed", pgettext_lazy("programme state", "Closed")
    SCREENING = "screening", pgettext_lazy("programme state", "Applications being checked")
    JURY = "jury", pgettext_lazy("programme state", "With the jury")
    RESULTS = "results", pgettext_lazy("programme state", "Results published")
    RUNNING = "running", pgettext_lazy("programme state", "Running")
    REPORTED = "reported", pgettext_lazy("programme state", "Reported")

    @property
    def tone(self) -> str:
        if self.value in {"open", "running"}:
            return "success"
        return "neutral" if self.value in {"draft", "closed", "reported"} else "info"


class Side(TextChoices):
    """Whom a call is for: cities with a demand, or providers with a solution."""

    DEMAND = "demand", pgettext_lazy("call for", "Demands of cities")
    SOLUTION = "solution", pgettext_lazy("call for", "Solutions of providers")


class PartnerRole(TextChoices):
    PARTNER = "partner", pgettext_lazy("part in a programme", "Partner")
    FUNDER = "funder", pgettext_lazy("part in a programme", "Funder")
    HOST = "host", pgettext_lazy("part in a programme", "Host")


class ApplicationState(TextChoices):
    DRAFT = "draft", pgettext_lazy("application state", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("application state", "Submitted")
    WITHDRAWN = "withdrawn", pgettext_lazy("application state", "Withdrawn")
    SCREENED_OUT = "screened_out", pgettext_lazy("application state", "Not admitted")
    ADMITTED = "admitted", pgettext_lazy("application state", "Admitted to the jury")
    ACCEPTED = "accepted", pgettext_lazy("application state", "Accepted")
    DECLINED = "declined", pgettext_lazy("application state", "Not accepted")

    @property
    def tone(self) -> str:
        if self.value in {"screened_out", "declined"}:
            return "danger"
        if self.value in {"submitted", "admitted"}:
            return "info"
        return "success" if self.value == "accepted" else "neutral"


class ScreeningReason(TextChoices):
    NOT_ELIGIBLE = "not_eligible", _("The organisation or place is outside what the call is for")
    INCOMPLETE = "incomplete", _("Questions of the call are left unanswered")
    OFF_TOPIC = "off_topic", _("The subject is outside the focus areas of the programme")
    NOT_PUBLISHED = "not_published", _("The demand or solution is not published")
    DUPLICATE = "duplicate", _("The same is covered by another application")


class DeclineReason(TextChoices):
    SCORE = "score", _("Others scored higher on the published criteria")
    PLACES = "places", _("All places are taken")
    EVIDENCE = "evidence", _("The evidence did not convince the jury")
    READINESS = "readiness", _("Too early: the project is not ready yet")
    NEUTRALITY = "neutrality", _("A conflict of interest that could not be settled")


class Verdict(TextChoices):
    """What is proposed on an application while nobody outside knows."""

    ACCEPT = "accept", pgettext_lazy("verdict", "Accept")
    DECLINE = "decline", pgettext_lazy("verdict", "Do not accept")


class CohortMemberState(TextChoices):
    ACTIVE = "active", pgettext_lazy("cohort state", "Taking part")
    COMPLETED = "completed", pgettext_lazy("cohort state", "Completed")
    LEFT = "left", pgettext_lazy("cohort state", "Left early")

    @property
    def tone(self) -> str:
        return {"active": "info", "completed": "success", "left": "warning"}[self.value]


class LeaveReason(TextChoices):
    PRIORITIES = "priorities", _("Priorities changed")
    CAPACITY = "capacity", _("No people or time for it")
    FUNDING = "funding", _("No funding")
    RULES = "rules", _("The rules of the programme were not kept")


class StillUsed(TextChoices):
    """The answer to a follow-up: whether what was taken from a programme is still there."""

    YES = "yes", pgettext_lazy("follow-up", "Yes, it is in use")
    PARTLY = "partly", pgettext_lazy("follow-up", "In part")
    NO = "no", pgettext_lazy("follow-up", "No, it has ended")

    @property
    def tone(self) -> str:
        return {"yes": "success", "partly": "warning", "no": "neutral"}[self.value]


class EventState(TextChoices):
    PLANNED = "planned", pgettext_lazy("event state", "Planned")
    CANCELLED = "cancelled", pgettext_lazy("event state", "Cancelled")

    @property
    def tone(self) -> str:
        return "info" if self.value == "planned" else "danger"


class SeatState(TextChoices):
    REGISTERED = "registered", pgettext_lazy("registration", "Registered")
    WAITING = "waiting", pgettext_lazy("registration", "On the waiting list")
    CANCELLED = "cancelled", pgettext_lazy("registration", "Cancelled")

    @property
    def tone(self) -> str:
        return {"registered": "success", "waiting": "warning", "cancelled": "neutral"}[self.value]
