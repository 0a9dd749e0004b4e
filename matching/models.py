"""What the engine found, what people decided about it, and what came of it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from catalog.models import Solution
from cities.models import Demand
from matching.enums import Band, MatchState, Origin
from matching.learning.models import Judgement, ProfileActivation, ScoringProfile
from matching.querysets import IntroductionQuerySet, MatchQuerySet
from matching.spaces.models import VectorSpace
from portal.accounts.models import Organisation, User
from portal.common.models import TimeStamped, public_id

__all__ = [
    "UNSURE",
    "Decision",
    "Exposure",
    "Introduction",
    "Judgement",
    "Match",
    "Message",
    "ProfileActivation",
    "Ranking",
    "ScoringProfile",
    "TextVector",
    "VectorSpace",
]


class TextVector(models.Model):
    """The meaning of a text, kept once for every backend that read it. Vectors of different backends never meet."""

    text_hash = models.CharField(max_length=64)
    backend = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, help_text="query or passage")
    vector = HalfVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text_hash", "backend", "kind"], name="text_vector_once")]

    def __str__(self) -> str:
        return f"{self.text_hash[:12]} {self.backend}"


# The solutions of `Ranking.left_out`, as an index has them: the lists themselves are a hundred kilobytes each.
KEPT_OFF = Func(
    "left_out",
    template="jsonb_path_query_array(%(expressions)s, '$[*].result.solution_id')",
    output_field=models.JSONField(),
)


class Ranking(models.Model):
    """The engine's list for one live demand: what it found, in order, and by which versions of everything.

    ``solutions`` holds primary keys in the order shown; ``results`` the stored explanation of each (matching.adapters
    writes and reads it), whose ``rank`` is the place by score; ``moves`` says where the two differ and by which rule
    (engine.ordering). ``near_misses`` are the best that fail exactly one gate; ``failures`` gate → how many fail it.
    """

    demand = models.OneToOneField(Demand, models.CASCADE, related_name="ranking")
    demand_version = models.PositiveIntegerField()
    solutions = ArrayField(models.BigIntegerField(), default=list)
    probabilities = ArrayField(models.FloatField(), default=list)
    results = models.JSONField(default=list)
    moves = models.JSONField(default=list, help_text="Of each solution: null, or why it stands off its place by score.")
    reserve = ArrayField(models.BigIntegerField(), default=list, help_text="The next best, beyond those shown.")
    reserve_probabilities = ArrayField(models.FloatField(), default=list)
    left_out = models.JSONField(default=list, help_text="Move and result of those whom the order keeps off the list.")
    order_version = models.CharField(max_length=40, blank=True)
    near_misses = models.JSONField(default=list)
    missed = ArrayField(models.BigIntegerField(), default=list, help_text="The solutions of near_misses.")
    entry = models.FloatField(
        null=True, help_text="Logit from which a solution that passes would change this; null: any."
    )
    near_entry = models.FloatField(null=True, help_text="The same for one that fails a single condition.")
    failures = models.JSONField(default=dict)
    candidates = models.PositiveIntegerField(default=0)
    eligible = models.PositiveIntegerField(default=0)
    above_floor = models.PositiveIntegerField(default=0, help_text="Eligible solutions in a band better than weak.")
    has_meaning = models.BooleanField(default=True)
    found = models.CharField(max_length=32, blank=True, help_text="Digest of all that was found; see matching.lists.")
    backend = models.CharField(max_length=80)
    engine_version = models.CharField(max_length=40)
    config_version = models.CharField(max_length=80)
    computed_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["solutions"], name="ranking_solutions"),
            GinIndex(fields=["reserve"], name="ranking_reserve"),
            GinIndex(fields=["missed"], name="ranking_missed"),
            GinIndex(KEPT_OFF, name="ranking_kept_off"),
        ]

    def __str__(self) -> str:
        return f"{self.demand_id}: {len(self.solutions)}"


class Exposure(models.Model):
    """On how many lists a solution is shown, and the price in probability that it pays for it. All are made at once."""

    solution = models.OneToOneField(Solution, models.CASCADE, primary_key=True, related_name="exposure")
    lists = models.PositiveIntegerField()
    price = models.FloatField(default=0)
    computed_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="exposure_price_range", condition=Q(price__gte=0, price__lte=1)),
        ]
        # Summed over the whole catalogue, from the index alone.
        indexes = [models.Index(fields=["solution"], include=["lists"], name="exposure_lists")]

    def __str__(self) -> str:
        return f"{self.solution_id}: {self.lists}"


# Must-haves of which the solution says nothing: the moderator has to ask.
UNSURE = Q(result__unknowns__contains=["must_haves.unknown"]) | Q(result__unknowns__contains=["certificates.unknown"])


class Match(TimeStamped):
    """A pair that people handle. Score and explanation are those of the versions named on the row."""

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    demand = models.ForeignKey(Demand, models.PROTECT, related_name="matches")
    solution = models.ForeignKey(Solution, models.PROTECT, related_name="matches")
    demand_version = models.PositiveIntegerField()
    solution_version = models.PositiveIntegerField()
    origin = models.CharField(max_length=20, choices=Origin.choices, default=Origin.ENGINE)
    origin_note = models.TextField(blank=True)
    state = models.CharField(max_length=24, choices=MatchState.choices, default=MatchState.SUGGESTED)

    probability = models.FloatField()
    points = models.PositiveSmallIntegerField(help_text="0 to 100, the sum of the points shown per criterion.")
    band = models.CharField(max_length=10, choices=Band.choices)
    position = models.PositiveSmallIntegerField(null=True, help_text="Place in the demand's list, 1 the first.")
    moved = models.JSONField(default=dict, help_text="Why it stands there and not at its place by score; else empty.")
    result = models.JSONField(default=dict, help_text="The stored explanation, as in Ranking.results.")
    backend = models.CharField(max_length=80)
    engine_version = models.CharField(max_length=40)
    config_version = models.CharField(max_length=80)
    computed_at = models.DateTimeField()

    reason = models.CharField(max_length=24, blank=True)
    respond_by = models.DateField(null=True, blank=True)
    state_since = models.DateTimeField()

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "matches"
        constraints = [
            models.UniqueConstraint(fields=["demand", "solution"], name="match_once"),
            models.CheckConstraint(name="match_state_known", condition=Q(state__in=MatchState.values)),
            models.CheckConstraint(name="match_probability_range", condition=Q(probability__gte=0, probability__lte=1)),
            models.CheckConstraint(name="match_points_range", condition=Q(points__gte=0, points__lte=100)),
        ]
        indexes = [
            models.Index(fields=["state", "state_since"]),
            models.Index(fields=["demand", "-probability"]),
            models.Index(fields=["id"], condition=UNSURE, name="match_unsure"),
        ]

    def __str__(self) -> str:
        return f"{self.demand} × {self.solution}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("M")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("matching:match-detail", args=[self.public_id])


class Decision(models.Model):
    """One step somebody took on a match, with what they were shown when they took it."""

    match = models.ForeignKey(Match, models.CASCADE, related_name="decisions")
    move = models.CharField(max_length=24)
    from_state = models.CharField(max_length=24)
    to_state = models.CharField(max_length=24)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=24, blank=True)
    note = models.TextField(blank=True, max_length=3000)
    points_shown = models.PositiveSmallIntegerField(null=True)
    position_shown = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(name="decision_moves", condition=~Q(from_state=F("to_state")))]

    def __str__(self) -> str:
        return f"{self.match_id} {self.move}"


class Introduction(TimeStamped):
    """City and provider, put in touch after both consented. Who consented and when stands on the row."""

    match = models.OneToOneField(Match, models.PROTECT, related_name="introduction")
    city_consent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    city_consent_at = models.DateTimeField()
    provider_consent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    provider_consent_at = models.DateTimeField()
    introduced_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    introduced_at = models.DateTimeField()
    outcome = models.CharField(max_length=24, blank=True)
    outcome_reason = models.CharField(max_length=24, blank=True)
    outcome_value = models.DecimalField(
        _("Value of the contract"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    outcome_currency = models.CharField(_("Currency"), max_length=3, blank=True)
    outcome_note = models.TextField(_("Note"), blank=True, max_length=3000)
    tender_url = models.URLField(_("Link to the tender"), max_length=500, blank=True)
    outcome_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    outcome_at = models.DateTimeField(null=True, blank=True)

    objects = IntroductionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="introduction_outcome_who_what_when",
                condition=Q(outcome="", outcome_by__isnull=True, outcome_at__isnull=True)
                | (~Q(outcome="") & Q(outcome_by__isnull=False, outcome_at__isnull=False)),
            ),
            models.CheckConstraint(name="introduction_value_positive", condition=Q(outcome_value__gte=0)),
            models.CheckConstraint(
                name="introduction_value_has_currency",
                condition=Q(outcome_value__isnull=True) | ~Q(outcome_currency=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.match)

    def get_absolute_url(self) -> str:
        return reverse("matching:introduction-detail", args=[self.match.public_id])


class Message(models.Model):
    introduction = models.ForeignKey(Introduction, models.CASCADE, related_name="messages")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=10)
    body = models.TextField(max_length=6000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.author}: {self.body[:40]}"
