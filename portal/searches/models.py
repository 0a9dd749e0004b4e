"""The words that public records hold, for spelling and inflection; and searches that people saved."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField, HnswIndex

from catalog.models import Solution
from cities.models import Demand
from portal.common.models import TimeStamped
from portal.notices.enums import Cadence
from portal.searches.enums import Subject

WIDTH = 1024  # numbers of a vector; a space with more is not searched


class Word(models.Model):
    """A folded word (or bigram) of public records only: what is suggested for a slip must not tell of others.

    ``stems``: "es:alumbr" for each language that has a stemmer; words that share one are forms of one word.
    """

    word = models.CharField(max_length=60, primary_key=True)
    records = models.PositiveIntegerField(help_text="Public records with it; 0 for words that only concepts know.")
    stems = ArrayField(models.CharField(max_length=70), default=list)

    class Meta:
        indexes = [
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="word_trigram"),
            GinIndex(fields=["stems"], name="word_stems"),
        ]

    def __str__(self) -> str:
        return self.word


class Meaning(models.Model):
    """The vector of a public record, where the nearest are found. One of a shorter space is filled up with zeros,
    which changes no cosine."""

    space = models.CharField(max_length=80)
    version = models.PositiveIntegerField(help_text="Of the record.")
    vector = HalfVectorField(dimensions=WIDTH)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk}: {self.space}"


class DemandMeaning(Meaning):
    record = models.OneToOneField(Demand, models.CASCADE, primary_key=True, related_name="meaning")

    class Meta:
        indexes = [HnswIndex(fields=["vector"], name="demand_meaning_near", opclasses=["halfvec_cosine_ops"])]


class SolutionMeaning(Meaning):
    record = models.OneToOneField(Solution, models.CASCADE, primary_key=True, related_name="meaning")

    class Meta:
        indexes = [HnswIndex(fields=["vector"], name="solution_meaning_near", opclasses=["halfvec_cosine_ops"])]


class SavedSearch(TimeStamped):
    """A state of a list, by the query of its address. ``looked_at``: until when it was looked through."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("Name of the search"), max_length=80)
    subject = models.CharField(max_length=10, choices=Subject.choices)
    query = models.CharField(max_length=1000, blank=True)
    language = models.CharField(max_length=10, help_text="The language that its words were typed in.")
    cadence = models.CharField(
        _("Tell me about new results"), max_length=8, choices=Cadence.choices, default=Cadence.DAILY
    )
    looked_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "subject", "query"], name="saved_search_once"),
            models.CheckConstraint(name="saved_search_subject_known", condition=Q(subject__in=Subject.values)),
            models.CheckConstraint(name="saved_search_cadence_known", condition=Q(cadence__in=Cadence.values)),
            models.CheckConstraint(
                name="saved_search_due",
                condition=Q(cadence=Cadence.OFF, next_at__isnull=True)
                | (~Q(cadence=Cadence.OFF) & Q(next_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("searches:search-open", args=[self.pk])


class Told(models.Model):
    """A record that the owner of a saved search was told about."""

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="told")
    reference = models.CharField(max_length=12, help_text="The record's public id.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["search", "reference"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.search_id}: {self.reference}"
