"""What each city of a pool says to a proposal, before its lead may accept it for all."""

from django.db import models

from matching.models import Match
from portal.accounts.models import Organisation, User


class PoolAnswer(models.Model):
    """One city's yes or no; it may change its mind until the lead has answered."""

    match = models.ForeignKey(Match, models.CASCADE, related_name="pool_answers")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["match", "organisation"], name="pool_answer_once")]

    def __str__(self) -> str:
        return f"{self.match} · {self.organisation}"
