"""What a person has put away of the guidance, and which rows of the database are sample data."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from portal.common.models import TimeStamped


class Guide(TimeStamped):
    """Of one person. No row: the first steps are shown and the tour of the queue is offered.

    How far somebody is, is never kept: it is read from their records each time.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="guide")
    hidden_at = models.DateTimeField(null=True, help_text="When the first steps were put away.")
    toured_at = models.DateTimeField(null=True, help_text="When the tour of the queue was ended or declined.")

    def __str__(self) -> str:
        return f"{self.user_id}"


class SampleTable(models.Model):
    """The rows of one table that the demo made, by primary key: what is not named here was added by somebody."""

    label = models.CharField(max_length=80, unique=True, help_text="Of the model, as in cities.Demand.")
    keys = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [models.CheckConstraint(name="sample_table_has_rows", condition=~Q(keys=[]))]

    def __str__(self) -> str:
        return f"{self.label}: {len(self.keys)}"
