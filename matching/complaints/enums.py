from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class ComplaintState(TextChoices):
    FILED = "filed", pgettext_lazy("complaint state", "Filed")
    IN_HAND = "in_hand", pgettext_lazy("complaint state", "Being examined")
    ANSWERED = "answered", pgettext_lazy("complaint state", "Answered")
    APPEALED = "appealed", pgettext_lazy("complaint state", "Appealed")
    CLOSED = "closed", pgettext_lazy("complaint state", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("complaint state", "Withdrawn")

    @property
    def tone(self) -> str:
        tones = {"filed": "warning", "in_hand": "info", "answered": "success", "appealed": "warning"}
        return tones.get(self.value, "neutral")


class Finding(TextChoices):
    """What the complaint came to."""

    UPHELD = "upheld", pgettext_lazy("outcome of a complaint", "Upheld")
    PARTLY = "partly", pgettext_lazy("outcome of a complaint", "Partly upheld")
    NOT_UPHELD = "not_upheld", pgettext_lazy("outcome of a complaint", "Not upheld")

    @property
    def tone(self) -> str:
        return {"upheld": "success", "partly": "info", "not_upheld": "neutral"}[self.value]


class About(TextChoices):
    ORGANISATION = "organisation", pgettext_lazy("complaint about", "The verification of an organisation")
    DEMAND = "demand", pgettext_lazy("complaint about", "A decision on a demand")
    SOLUTION = "solution", pgettext_lazy("complaint about", "A decision on a solution")
    MATCH = "match", pgettext_lazy("complaint about", "A decision on a match")
    APPLICATION = "application", pgettext_lazy("complaint about", "A decision on an application")


class FlagReason(TextChoices):
    MISLEADING = "misleading", pgettext_lazy("reason of a report", "It says something that is not true")
    ADVERTISING = "advertising", pgettext_lazy("reason of a report", "It is advertising, not information")
    DUPLICATE = "duplicate", pgettext_lazy("reason of a report", "It is here twice")
    PERSONAL_DATA = "personal_data", pgettext_lazy("reason of a report", "It names a person or an address")
    OUTDATED = "outdated", pgettext_lazy("reason of a report", "It is out of date")
    OTHER = "other", pgettext_lazy("reason of a report", "Something else")


class FlagState(TextChoices):
    OPEN = "open", pgettext_lazy("state of a report", "Waits for a moderator")
    ACTED = "acted", pgettext_lazy("state of a report", "Something was done")
    DISMISSED = "dismissed", pgettext_lazy("state of a report", "Nothing had to be done")

    @property
    def tone(self) -> str:
        return {"open": "info", "acted": "success", "dismissed": "neutral"}[self.value]
