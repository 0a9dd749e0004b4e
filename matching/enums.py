from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MatchState(TextChoices):
    SUGGESTED = "suggested", pgettext_lazy("match state", "Suggested")
    IN_REVIEW = "in_review", pgettext_lazy("match state", "In review")
    REJECTED = "rejected", pgettext_lazy("match state", "Rejected")
    SHORTLISTED = "shortlisted", pgettext_lazy("match state", "Shortlisted")
    OFFERED = "offered", pgettext_lazy("match state", "Offered to the city")
    DECLINED_BY_CITY = "declined_by_city", pgettext_lazy("match state", "Declined by the city")
    ACCEPTED_BY_CITY = "accepted_by_city", pgettext_lazy("match state", "Accepted by the city")
    INVITED = "invited", pgettext_lazy("match state", "Provider invited")
    DECLINED_BY_PROVIDER = "declined_by_provider", pgettext_lazy("match state", "Declined by the provider")
    ACCEPTED_BY_PROVIDER = "accepted_by_provider", pgettext_lazy("match state", "Accepted by the provider")
    INTRODUCED = "introduced", pgettext_lazy("match state", "Introduced")
    DIALOGUE = "dialogue", pgettext_lazy("match state", "In dialogue")
    PILOT = "pilot", pgettext_lazy("match state", "Pilot")
    TENDER = "tender", pgettext_lazy("match state", "Tender")
    NONE = "none", pgettext_lazy("match state", "Ended without result")
    CONTRACT = "contract", pgettext_lazy("match state", "Contract")
    LOST = "lost", pgettext_lazy("match state", "Lost")
    DROPPED = "dropped", pgettext_lazy("match state", "Dropped")
    OPERATING = "operating", pgettext_lazy("match state", "In operation")
    STOPPED = "stopped", pgettext_lazy("match state", "Stopped")
    RECUSED = "recused", pgettext_lazy("match state", "Moderator recused")
    STALLED = "stalled", pgettext_lazy("match state", "Stalled")
    UNDER_COMPLAINT = "under_complaint", pgettext_lazy("match state", "Under complaint")

    @property
    def tone(self) -> str:
        if self.value in {"rejected", "declined_by_city", "declined_by_provider", "lost", "under_complaint"}:
            return "danger"
        if self.value in {"stalled", "recused", "dropped", "stopped"}:
            return "warning"
        if self.value in {"suggested", "in_review", "shortlisted", "none"}:
            return "neutral"
        return "success" if self.value in {"introduced", "dialogue", "pilot", "contract", "operating"} else "info"


class Origin(TextChoices):
    ENGINE = "engine", pgettext_lazy("match origin", "Engine")
    CITY_SEARCH = "city_search", pgettext_lazy("match origin", "City’s own search")
    PROVIDER_INTEREST = "provider_interest", pgettext_lazy("match origin", "Provider’s interest")
    MODERATOR = "moderator", pgettext_lazy("match origin", "Moderator")
    PROGRAMME = "programme", pgettext_lazy("match origin", "Programme")


class Side(TextChoices):
    """Who judged a pair."""

    MODERATOR = "moderator", pgettext_lazy("side of a match", "ICLEI")
    CITY = "city", pgettext_lazy("side of a match", "City")
    PROVIDER = "provider", pgettext_lazy("side of a match", "Provider")


class RejectReason(TextChoices):
    WRONG_NEED = "wrong_need", _("Does not address the need")
    NOT_AVAILABLE = "not_available", _("Not available in this region")
    WRONG_SCALE = "wrong_scale", _("Wrong size for this city")
    TOO_EXPENSIVE = "too_expensive", _("Beyond the budget")
    WEAK_EVIDENCE = "weak_evidence", _("Evidence too weak")
    BETTER_ONES = "better_ones", _("Better suggestions are under way")
    LOCK_IN = "lock_in", _("Ties the city to one supplier")


class CityDeclineReason(TextChoices):
    NOT_WHAT_WE_NEED = "not_what_we_need", _("Not what we need")
    TOO_EXPENSIVE = "too_expensive", _("Beyond our budget")
    TOO_EARLY = "too_early", _("Too early for a conversation")
    KNOWN_ALREADY = "known_already", _("We know this solution already")
    TENDER_OPEN = "tender_open", _("A tender is open; we may not talk to bidders")


class ProviderDeclineReason(TextChoices):
    NO_CAPACITY = "no_capacity", _("No capacity in this period")
    NOT_A_FIT = "not_a_fit", _("Our solution does not fit this need")
    REGION = "region", _("We do not work in this region")
    TOO_SMALL = "too_small", _("The project is too small")
    TERMS = "terms", _("The terms do not suit us")


class DropReason(TextChoices):
    NO_FUNDING = "no_funding", _("No funding")
    PRIORITIES = "priorities", _("Priorities changed")
    NO_ANSWER = "no_answer", _("One side stopped answering")
    TECHNICAL = "technical", _("Technically not feasible")
    LEGAL = "legal", _("Legally not possible")
    OTHER_SUPPLIER = "other_supplier", _("Another supplier was chosen")


class Band(TextChoices):
    STRONG = "strong", pgettext_lazy("match band", "Strong")
    GOOD = "good", pgettext_lazy("match band", "Good")
    POSSIBLE = "possible", pgettext_lazy("match band", "Possible")
    WEAK = "weak", pgettext_lazy("match band", "Weak")

    @property
    def tone(self) -> str:
        return {"strong": "success", "good": "success", "possible": "info", "weak": "neutral"}[self.value]
