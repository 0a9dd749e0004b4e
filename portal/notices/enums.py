"""How often a person is mailed about what."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Cadence(TextChoices):
    NOW = "now", pgettext_lazy("how often mails come", "At once")
    DAILY = "daily", pgettext_lazy("how often mails come", "Once a day")
    WEEKLY = "weekly", pgettext_lazy("how often mails come", "Once a week")
    OFF = "off", pgettext_lazy("how often mails come", "Never by e-mail")


DIGESTS = (Cadence.DAILY, Cadence.WEEKLY)
