from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CriterionKind(TextChoices):
    FLAG = "flag", _("Yes or no")
    NUMBER = "number", _("Number")


class CriterionOperator(TextChoices):
    IS = "is", _("is")
    AT_LEAST = "ge", _("at least")
    AT_MOST = "le", _("at most")


class ProviderKind(TextChoices):
    LARGE = "large", _("Large company")
    SME = "sme", _("Small or medium company")
    START_UP = "start_up", _("Start-up")
    NGO = "ngo", _("Non-profit organisation")
    UNIVERSITY = "university", _("University or research institute")
    PUBLIC = "public", _("Public body")


class Partnership(TextChoices):
    NONE = "", _("None")
    STRATEGIC = "strategic", _("Strategic partner")
    TECHNICAL = "technical", _("Technical partner")


class SolutionState(TextChoices):
    DRAFT = "draft", pgettext_lazy("solution state", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("solution state", "Submitted")
    CHANGES_REQUESTED = "changes_requested", pgettext_lazy("solution state", "Changes requested")
    LISTED = "listed", pgettext_lazy("solution state", "Listed")
    SUSPENDED = "suspended", pgettext_lazy("solution state", "Suspended")
    EXPIRED = "expired", pgettext_lazy("solution state", "Expired")
    ARCHIVED = "archived", pgettext_lazy("solution state", "Archived")

    @property
    def tone(self) -> str:
        return {"listed": "success", "submitted": "info", "changes_requested": "warning", "suspended": "danger"}.get(
            self.value, "neutral"
        )


class SuspensionReason(TextChoices):
    EVIDENCE_DOUBTED = "evidence_doubted", _("The evidence is in doubt")
    COMPLAINT = "complaint", _("A complaint is being looked into")
    OUTDATED = "outdated", _("The information is out of date")


class EvidenceGrade(TextChoices):
    DECLARED = "declared", _("Declared by the provider")
    DOCUMENTED = "documented", _("Documented")
    CITY_CONFIRMED = "city_confirmed", _("Confirmed by the reference city")
    THIRD_PARTY = "third_party_verified", _("Verified by a third party")

    @property
    def rank(self) -> int:
        return type(self).values.index(self.value)

    @property
    def tone(self) -> str:
        return ("neutral", "info", "success", "success")[self.rank]


class ClaimDimension(TextChoices):
    EFFICIENT = "efficient", _("Efficient")
    RESILIENT = "resilient", _("Resilient")
    SUSTAINABLE = "sustainable", _("Sustainable")


class ReferenceStatus(TextChoices):
    PILOT = "pilot", pgettext_lazy("reference status", "Pilot")
    SCALED = "scaled", pgettext_lazy("reference status", "In regular use")
    STOPPED = "stopped", pgettext_lazy("reference status", "Stopped")
    REPLACED = "replaced", pgettext_lazy("reference status", "Replaced")

    @property
    def tone(self) -> str:
        return {"pilot": "info", "scaled": "success", "stopped": "danger", "replaced": "warning"}[self.value]


class BusinessModel(TextChoices):
    PURCHASE = "purchase", _("Purchase")
    LEASE = "lease", _("Lease")
    AS_A_SERVICE = "as_a_service", _("As a service")
    PERFORMANCE_CONTRACT = "performance_contract", _("Performance contract")
    CONCESSION_PPP = "concession_ppp", _("Concession or public-private partnership")
    GRANT_PILOT = "grant_pilot", _("Grant-funded pilot")
    OPEN_SOURCE = "open_source", _("Open source")


class DataOwner(TextChoices):
    CITY = "city", pgettext_lazy("owner of the data", "The city")
    SHARED = "shared", pgettext_lazy("owner of the data", "Both, by agreement")
    PROVIDER = "provider", pgettext_lazy("owner of the data", "The provider")
    NO_DATA = "no_data", pgettext_lazy("owner of the data", "It makes no data")


class ScaleUnit(TextChoices):
    INHABITANTS = "inhabitants", pgettext_lazy("unit", "inhabitants")
    HOUSEHOLDS = "households", pgettext_lazy("unit", "households")
    BUILDINGS = "buildings", pgettext_lazy("unit", "buildings")
    VEHICLES = "vehicles", pgettext_lazy("unit", "vehicles")
    KILOMETRES = "kilometres", pgettext_lazy("unit", "kilometres")
    LAMPS = "lamps", pgettext_lazy("unit", "lamps")
    MEGAWATTS = "megawatts", pgettext_lazy("unit", "megawatts")
    CUBIC_METRES_DAY = "cubic_metres_day", pgettext_lazy("unit", "cubic metres a day")
    TONNES_YEAR = "tonnes_year", pgettext_lazy("unit", "tonnes a year")
    HECTARES = "hectares", pgettext_lazy("unit", "hectares")
    SQUARE_METRES = "square_metres", pgettext_lazy("unit", "square metres")
    SITES = "sites", pgettext_lazy("unit", "sites")
    STATIONS = "stations", pgettext_lazy("unit", "stations")
    USERS = "users", pgettext_lazy("unit", "users")


class ReviewCriterion(TextChoices):
    FIT = "fit", _("Fits the focus areas")
    CLARITY = "clarity", _("Clear to a city official")
    EVIDENCE = "evidence", _("Evidence for what is claimed")
    LIMITS = "limits", _("Says where it does not suit")


class SolutionMove(TextChoices):
    """What the provider may do with a solution as a whole; the labels stand on buttons."""

    RENEW = "renew", pgettext_lazy("solution move", "Confirm that it still holds")
    RESTORE = "restore", pgettext_lazy("solution move", "Restore as a draft")
    ARCHIVE = "archive", pgettext_lazy("solution move", "Archive")


class TechnologyReadiness(IntegerChoices):
    """The nine levels, in the words of the European Commission, shortened."""

    PRINCIPLES = 1, _("Basic principles observed")
    CONCEPT = 2, _("Concept formulated")
    PROOF = 3, _("Proof of concept by experiment")
    LABORATORY = 4, _("Validated in the laboratory")
    RELEVANT = 5, _("Validated in a realistic setting")
    DEMONSTRATED = 6, _("Demonstrated in a realistic setting")
    PROTOTYPE = 7, _("Prototype in real operation")
    COMPLETE = 8, _("Complete and qualified")
    PROVEN = 9, _("Proven in real operation")
