from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Scope(TextChoices):
    """Which part of the queue a moderator wants to see."""

    MINE_FIRST = "mine_first", pgettext_lazy("queue", "My languages and regions first")
    MINE = "mine", pgettext_lazy("queue", "Only my languages and regions")
    ALL = "all", pgettext_lazy("queue", "Everything alike")


class Rule(TextChoices):
    """Why a second moderator has to confirm a decision."""

    BUDGET = "budget", _("The budget is large")
    OVERRIDE = "override", _("It goes against the engine")
    REVERSAL = "reversal", _("It takes a decision back that others were told of")
    REINSTATEMENT = "reinstatement", _("It lists something again that was suspended")


class ConfirmationState(TextChoices):
    OPEN = "open", pgettext_lazy("confirmation state", "Waits for a second moderator")
    CONFIRMED = "confirmed", pgettext_lazy("confirmation state", "Confirmed")
    REFUSED = "refused", pgettext_lazy("confirmation state", "Not confirmed")
    OVERTAKEN = "overtaken", pgettext_lazy("confirmation state", "Decided otherwise meanwhile")
    WITHDRAWN = "withdrawn", pgettext_lazy("confirmation state", "Withdrawn")

    @property
    def tone(self) -> str:
        return {"open": "info", "confirmed": "success", "refused": "danger"}.get(self.value, "neutral")


class Tie(TextChoices):
    """How the portal knows that somebody must keep out."""

    KNOWN = "known", _("Membership, e-mail domain or a declared conflict")
    OWN_WORD = "own_word", _("By their own word")
