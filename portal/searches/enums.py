from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Subject(TextChoices):
    """What a list lists."""

    DEMANDS = "demands", _("Demands")
    SOLUTIONS = "solutions", _("Solutions")
