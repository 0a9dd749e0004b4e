from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DemandState(TextChoices):
    DRAFT = "draft", pgettext_lazy("demand state", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("demand state", "Submitted")
    CHANGES_REQUESTED = "changes_requested", pgettext_lazy("demand state", "Changes requested")
    PUBLISHED = "published", pgettext_lazy("demand state", "Published")
    IN_DIALOGUE = "in_dialogue", pgettext_lazy("demand state", "In dialogue")
    CLOSED = "closed", pgettext_lazy("demand state", "Closed")
    ON_HOLD = "on_hold", pgettext_lazy("demand state", "On hold")
    WITHDRAWN = "withdrawn", pgettext_lazy("demand state", "Withdrawn")
    MERGED = "merged", pgettext_lazy("demand state", "Merged into another demand")
    EXPIRED = "expired", pgettext_lazy("demand state", "Expired")
    REJECTED = "rejected", pgettext_lazy("demand state", "Rejected")

    @property
    def tone(self) -> str:
        return {
            "published": "success",
            "in_dialogue": "success",
            "submitted": "info",
            "changes_requested": "warning",
            "on_hold": "warning",
            "rejected": "danger",
        }.get(self.value, "neutral")


class RejectionReason(TextChoices):
    OUT_OF_SCOPE = "out_of_scope", _("Outside the six focus areas")
    NOT_A_NEED = "not_a_need", _("Describes a product, not a need")
    DUPLICATE = "duplicate", _("The same demand is on the portal already")
    NO_MANDATE = "no_mandate", _("The body has no mandate for this project")


class ClosingOutcome(TextChoices):
    CONTRACT = "contract", pgettext_lazy("demand outcome", "Contract signed")
    OWN_MEANS = "own_means", pgettext_lazy("demand outcome", "Solved by the city itself")
    NONE_SUITABLE = "none_suitable", pgettext_lazy("demand outcome", "No suitable solution found")
    NO_FUNDING = "no_funding", pgettext_lazy("demand outcome", "No funding")
    PRIORITIES = "priorities", pgettext_lazy("demand outcome", "Priorities changed")


class ProjectStage(TextChoices):
    IDEA = "idea", pgettext_lazy("project stage", "Idea")
    CONCEPT = "concept", pgettext_lazy("project stage", "Concept")
    FEASIBILITY = "feasibility", pgettext_lazy("project stage", "Feasibility study")
    DESIGN = "design", pgettext_lazy("project stage", "Design")
    PROCUREMENT = "procurement", pgettext_lazy("project stage", "Procurement")
    CONSTRUCTION = "construction", pgettext_lazy("project stage", "Construction")
    OPERATION = "operation", pgettext_lazy("project stage", "Operation")


class BudgetCertainty(TextChoices):
    APPROVED = "approved", pgettext_lazy("budget", "Approved")
    PLANNED = "planned", pgettext_lazy("budget", "Planned")
    ESTIMATE = "estimate", pgettext_lazy("budget", "Rough estimate")


class FinanceRoute(TextChoices):
    MUNICIPAL_BUDGET = "municipal_budget", _("Municipal budget")
    NATIONAL_GRANT = "national_grant", _("National grant")
    DEVELOPMENT_BANK = "development_bank", _("Development bank")
    GREEN_BOND = "green_bond", _("Green bond")
    PPP = "ppp", _("Public-private partnership")
    CLIMATE_FUND = "climate_fund", _("Climate fund")
    EU_FUNDS = "eu_funds", _("EU funds")
    UNDECIDED = "undecided", _("Not decided yet")


class ProcurementRoute(TextChoices):
    OPEN_TENDER = "open_tender", _("Open tender")
    RESTRICTED_TENDER = "restricted_tender", _("Restricted tender")
    DIRECT_AWARD = "direct_award", _("Direct award below the threshold")
    INNOVATION_PARTNERSHIP = "innovation_partnership", _("Innovation partnership")
    FRAMEWORK = "framework", _("Framework agreement")
    UNDECIDED = "undecided", _("Not decided yet")


class Mandate(TextChoices):
    COUNCIL = "council", pgettext_lazy("mandate", "The council or assembly")
    EXECUTIVE = "executive", pgettext_lazy("mandate", "The mayor or the executive")
    DEPARTMENT = "department", pgettext_lazy("mandate", "The head of the department")
    NONE_YET = "none_yet", pgettext_lazy("mandate", "Nobody yet")


class DataAccess(TextChoices):
    OPEN = "open", pgettext_lazy("data", "Yes, and everybody may read them")
    ON_REQUEST = "on_request", pgettext_lazy("data", "Yes, for providers we are introduced to")
    TO_COLLECT = "to_collect", pgettext_lazy("data", "Not yet: they have to be collected")


class Visibility(TextChoices):
    PUBLIC = "public", pgettext_lazy("visibility", "Everybody")
    MEMBERS = "members", pgettext_lazy("visibility", "Signed-in members of verified organisations")


class Hazard(TextChoices):
    HEAT = "heat", _("Extreme heat")
    FLOOD = "flood", _("River or surface flooding")
    COASTAL = "coastal", _("Coastal flooding and sea-level rise")
    DROUGHT = "drought", _("Drought and water scarcity")
    STORM = "storm", _("Storms and extreme wind")
    LANDSLIDE = "landslide", _("Landslides")
    WILDFIRE = "wildfire", _("Wildfire")
    EARTHQUAKE = "earthquake", _("Earthquake")
    COLD = "cold", _("Extreme cold and snow")


class DemandMove(TextChoices):
    """What whoever speaks for the city may do with a demand beside writing it; the words are those of the button."""

    HOLD = "hold", pgettext_lazy("demand move", "Put on hold")
    RESUME = "resume", pgettext_lazy("demand move", "Take up again")
    CLOSE = "close", pgettext_lazy("demand move", "Close")
    WITHDRAW = "withdraw", pgettext_lazy("demand move", "Withdraw")
    REOPEN = "reopen", pgettext_lazy("demand move", "Reopen as a draft")
    RENEW = "renew", pgettext_lazy("demand move", "Publish again")
