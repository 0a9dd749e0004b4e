from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AdviceState(TextChoices):
    ASKED = "asked", pgettext_lazy("advice state", "Asked")
    ACCEPTED = "accepted", pgettext_lazy("advice state", "Being written")
    ANSWERED = "answered", pgettext_lazy("advice state", "Answered")
    DECLINED = "declined", pgettext_lazy("advice state", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("advice state", "Withdrawn")

    @property
    def tone(self) -> str:
        return {"asked": "warning", "accepted": "info", "answered": "success"}.get(self.value, "neutral")


class DeclineReason(TextChoices):
    NO_TIME = "no_time", _("No time at present")
    NOT_MY_FIELD = "not_my_field", _("Not my field")
    INTEREST = "interest", _("I have an interest in it")
    LANGUAGE = "language", _("I do not read the language well enough")
