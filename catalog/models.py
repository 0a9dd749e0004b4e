"""What the market offers: the vocabulary both sides share, providers, solutions and the evidence for them."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.enums import (
    BusinessModel,
    ClaimDimension,
    CriterionKind,
    CriterionOperator,
    DataOwner,
    EvidenceGrade,
    Partnership,
    ProviderKind,
    ReferenceStatus,
    ReviewCriterion,
    ScaleUnit,
    SolutionState,
)
from catalog.querysets import ProviderQuerySet, SolutionQuerySet
from catalog.reach import ReachField
from portal.accounts.models import Organisation, User
from portal.common.models import Sourced, TimeStamped, public_id


class FocusArea(models.Model):
    code = models.SlugField(max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=120)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.label


class Topic(models.Model):
    code = models.SlugField(max_length=60, unique=True)
    focus_area = models.ForeignKey(FocusArea, models.PROTECT, related_name="topics")
    order = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    synonyms = models.TextField(blank=True, help_text="One a line.")
    sdg_targets = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    cpv_divisions = ArrayField(models.CharField(max_length=2), default=list, blank=True)

    class Meta:
        ordering = ["focus_area__order", "order"]

    def __str__(self) -> str:
        return self.label


class Criterion(models.Model):
    """One thing a city may ask for and a provider may offer, so that both say it in the same terms."""

    code = models.SlugField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=8, choices=CriterionKind.choices)
    operator = models.CharField(max_length=4, choices=CriterionOperator.choices)
    unit = models.CharField(max_length=20, blank=True)
    group = models.CharField(max_length=20, blank=True)
    label = models.CharField(max_length=160)
    help = models.TextField(blank=True)
    unit_label = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["order"]
        verbose_name_plural = "criteria"

    def __str__(self) -> str:
        return self.label


class Provider(TimeStamped, Sourced):
    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="provider")
    kind = models.CharField(
        _("Kind of organisation"), max_length=12, choices=ProviderKind.choices, default=ProviderKind.SME
    )
    original_language = models.CharField(max_length=10, default="en")
    # As in every translated record: field → language → mark (portal.common.translated).
    translations = models.JSONField(default=dict, blank=True)
    description = models.TextField(_("What the organisation does"), blank=True, max_length=2000)
    regions = ArrayField(
        models.CharField(max_length=3), default=list, blank=True, verbose_name=_("Countries and regions served")
    )
    languages = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, verbose_name=_("Languages of work")
    )
    # Shown to everybody, never an input of the score.
    partnership = models.CharField(max_length=12, choices=Partnership.choices, blank=True)
    partner_since = models.DateField(null=True, blank=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source=""), name="provider_source_once"
            ),
            models.CheckConstraint(
                name="provider_partnership_since",
                condition=Q(partnership="", partner_since__isnull=True)
                | (~Q(partnership="") & Q(partner_since__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:provider-detail", args=[self.organisation.public_id])

    @property
    def public_id(self) -> str:
        """A profile goes by the number of its organisation."""
        return self.organisation.public_id


class Solution(TimeStamped, Sourced):
    public_id = models.CharField(max_length=12, unique=True, editable=False)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="solutions")
    # The draft of a listed solution's next version is a row of its own: the public one stays until ICLEI approves.
    revises = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, editable=False, related_name="revision"
    )
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=20, choices=SolutionState.choices, default=SolutionState.DRAFT)
    original_language = models.CharField(_("Language of this text"), max_length=10, default="en")
    # field → {language: original | human | machine | stale}
    translations = models.JSONField(default=dict, blank=True)

    name = models.CharField(_("Name of the solution"), max_length=200)
    tagline = models.CharField(_("In one line"), max_length=240, blank=True)
    solves = models.TextField(_("What it solves"), max_length=6000, blank=True)
    how_it_works = models.TextField(_("How it works"), max_length=12000, blank=True)
    not_suitable = models.TextField(_("When it does not suit"), max_length=3000, blank=True)

    focus_area = models.ForeignKey(
        FocusArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="primary_solutions",
        verbose_name=_("Main focus area"),
    )
    more_focus_areas = models.ManyToManyField(
        FocusArea, blank=True, related_name="further_solutions", verbose_name=_("Further focus areas")
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="solutions", verbose_name=_("Topics"))
    focus_guessed = models.BooleanField(default=False)

    trl = models.PositiveSmallIntegerField(
        _("Technology readiness level"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    deployments = models.PositiveIntegerField(_("Deployments so far"), null=True, blank=True)
    regions = ArrayField(
        models.CharField(max_length=3), default=list, blank=True, verbose_name=_("Countries and regions served")
    )
    reach = ReachField()
    languages = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, verbose_name=_("Languages of work")
    )
    city_population_min = models.PositiveIntegerField(_("Smallest city it suits (inhabitants)"), null=True, blank=True)
    city_population_max = models.PositiveIntegerField(_("Largest city it suits (inhabitants)"), null=True, blank=True)
    quantity_min = models.DecimalField(_("Smallest project"), max_digits=16, decimal_places=2, null=True, blank=True)
    quantity_max = models.DecimalField(_("Largest project"), max_digits=16, decimal_places=2, null=True, blank=True)
    scale_unit = models.CharField(_("Unit of the project size"), max_length=20, choices=ScaleUnit.choices, blank=True)
    cost_min = models.DecimalField(
        _("Cost of a typical project, from"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    cost_max = models.DecimalField(
        _("Cost of a typical project, to"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    cost_basis = models.CharField(_("What the cost covers"), max_length=200, blank=True)
    running_cost_min = models.DecimalField(
        _("Running cost a year, from"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    running_cost_max = models.DecimalField(
        _("Running cost a year, to"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    service_life_years = models.PositiveSmallIntegerField(_("Years in service"), null=True, blank=True)
    lead_time_months = models.PositiveSmallIntegerField(_("Months from order to operation"), null=True, blank=True)
    business_models = ArrayField(
        models.CharField(max_length=24, choices=BusinessModel.choices),
        default=list,
        blank=True,
        verbose_name=_("Business models"),
    )

    # How free a city stays: whose the data are, what others can connect to, what happens at the end.
    data_owner = models.CharField(_("Whose are the data?"), max_length=12, choices=DataOwner.choices, blank=True)
    interfaces = models.TextField(_("Open interfaces and formats"), max_length=1000, blank=True)
    exit_terms = models.TextField(_("What happens at the end"), max_length=1500, blank=True)

    expires_on = models.DateField(_("Information valid until"), null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    listed_at = models.DateTimeField(null=True, blank=True)
    suspension_reason = models.CharField(max_length=20, blank=True)
    search = SearchVectorField(null=True, editable=False)
    # What filters ask of claims and references, by catalog.evidence.weigh: the rank of their best grade, and whether
    # there is a reference.
    proven = models.PositiveSmallIntegerField(default=0, editable=False)
    has_reference = models.BooleanField(default=False, editable=False)

    objects = SolutionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source=""), name="solution_source_once"
            ),
            models.CheckConstraint(name="solution_state_known", condition=Q(state__in=SolutionState.values)),
            models.CheckConstraint(
                name="solution_revision_unlisted",
                condition=Q(revises__isnull=True) | Q(state__in=["draft", "submitted", "changes_requested"]),
            ),
            models.CheckConstraint(
                name="solution_listed_when", condition=~Q(state="listed") | Q(listed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="solution_population_order", condition=Q(city_population_min__lte=F("city_population_max"))
            ),
            models.CheckConstraint(name="solution_quantity_order", condition=Q(quantity_min__lte=F("quantity_max"))),
            models.CheckConstraint(name="solution_cost_order", condition=Q(cost_min__lte=F("cost_max"))),
            models.CheckConstraint(name="solution_cost_positive", condition=Q(cost_min__gte=0)),
            models.CheckConstraint(name="solution_quantity_positive", condition=Q(quantity_min__gte=0)),
            models.CheckConstraint(
                name="solution_cost_has_currency",
                condition=Q(cost_min__isnull=True, cost_max__isnull=True) | ~Q(currency=""),
            ),
            models.CheckConstraint(
                name="solution_running_order", condition=Q(running_cost_min__lte=F("running_cost_max"))
            ),
            models.CheckConstraint(name="solution_running_positive", condition=Q(running_cost_min__gte=0)),
            models.CheckConstraint(
                name="solution_running_has_currency",
                condition=Q(running_cost_min__isnull=True, running_cost_max__isnull=True) | ~Q(currency=""),
            ),
            models.CheckConstraint(name="solution_service_life_positive", condition=Q(service_life_years__gte=1)),
            models.CheckConstraint(name="solution_trl_range", condition=Q(trl__range=(1, 9))),
        ]
        indexes = [
            models.Index(fields=["state", "-listed_at"]),
            GinIndex(fields=["search"]),
            # What changed since, and whether anything did: counted and summed from the index alone.
            models.Index(fields=["updated_at"], include=["state", "id", "version"], name="solution_changes"),
            # As demand_browse in cities.models.
            models.Index(
                fields=["-listed_at", "-id"],
                include=[
                    *("state", "provider", "focus_area", "original_language", "regions", "reach", "languages"),
                    *("business_models", "proven", "has_reference"),
                ],
                name="solution_browse",
            ),
            # What is listed, provider by provider, is counted over the whole catalogue.
            models.Index(fields=["id"], include=["provider"], condition=Q(state="listed"), name="solution_listed"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("S")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("catalog:solution-detail", args=[self.public_id])

    @property
    def is_live(self) -> bool:
        return self.state == SolutionState.LISTED

    @property
    def whole_life_cost(self) -> tuple[Decimal | None, Decimal | None] | None:
        """Buying it and running it for its years in service, from and to; None where one of the three is not stated.

        Undiscounted, in ``currency``: a rough sum that a reader can follow.
        """
        years = self.service_life_years
        ends = [(self.cost_min, self.running_cost_min), (self.cost_max, self.running_cost_max)]
        sums = [None if once is None or yearly is None else once + yearly * (years or 0) for once, yearly in ends]
        return None if years is None or sums == [None, None] else (sums[0], sums[1])

    @property
    def best_grade(self) -> EvidenceGrade | None:
        """The best evidence for any claim or reference; None where nothing is claimed."""
        grades = [EvidenceGrade(item.grade) for item in (*self.claims.all(), *self.references.all())]
        return max(grades, key=lambda grade: grade.rank, default=None)


class Capability(models.Model):
    """What a solution can do, on the criteria that must-haves use. Absent means not stated, which is not a no."""

    solution = models.ForeignKey(Solution, models.CASCADE, related_name="capabilities")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    flag = models.BooleanField(null=True, blank=True)
    number = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    grade = models.CharField(max_length=24, choices=EvidenceGrade.choices, default=EvidenceGrade.DECLARED)
    evidence_url = models.URLField(max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "capabilities"
        ordering = ["criterion__order"]
        indexes = [models.Index(fields=["solution"], condition=~Q(evidence_url=""), name="capability_with_document")]
        constraints = [
            models.UniqueConstraint(fields=["solution", "criterion"], name="capability_once"),
            models.CheckConstraint(
                name="capability_one_value",
                condition=Q(flag__isnull=False, number__isnull=True) | Q(flag__isnull=True, number__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.flag if self.number is None else self.number}"


class Claim(models.Model):
    """How a solution makes infrastructure efficient, resilient or sustainable: a sentence, a figure, the evidence."""

    solution = models.ForeignKey(Solution, models.CASCADE, related_name="claims")
    dimension = models.CharField(max_length=12, choices=ClaimDimension.choices)
    statement = models.TextField(_("Claim"), max_length=600)
    indicator = models.CharField(_("Indicator"), max_length=160, blank=True)
    value = models.DecimalField(_("Value"), max_digits=14, decimal_places=3, null=True, blank=True)
    unit = models.CharField(_("Unit"), max_length=40, blank=True)
    method = models.CharField(_("How it was measured"), max_length=300, blank=True)
    grade = models.CharField(
        _("Evidence"), max_length=24, choices=EvidenceGrade.choices, default=EvidenceGrade.DECLARED
    )
    evidence_url = models.URLField(_("Link to the evidence"), max_length=500, blank=True)

    class Meta:
        ordering = ["dimension"]
        indexes = [models.Index(fields=["solution"], condition=~Q(evidence_url=""), name="claim_with_document")]
        constraints = [models.UniqueConstraint(fields=["solution", "dimension"], name="claim_once_a_dimension")]

    def __str__(self) -> str:
        return f"{self.dimension}: {self.statement[:60]}"

    @property
    def original_language(self) -> str:
        return self.solution.original_language

    @property
    def marks_slot(self) -> str:
        """Where among the solution's marks those of the statement stand."""
        return f"claim_{self.dimension}"

    @property
    def translations(self) -> dict[str, dict[str, str]]:
        """A changed claim loses its translations (catalog.writing_actions), so none is ever stale."""
        return {"statement": self.solution.translations.get(self.marks_slot, {})}


class Reference(TimeStamped):
    """A solution at work in a city. The city is named by its GeoNames id, so that the catalogue stands below cities."""

    solution = models.ForeignKey(Solution, models.CASCADE, related_name="references")
    # In a revision: the listed solution's reference, so that what its city confirms meanwhile is not lost.
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, editable=False, related_name="+")
    geonames_id = models.PositiveBigIntegerField(null=True, blank=True)
    city_name = models.CharField(_("City"), max_length=120)
    country = models.CharField(_("Country"), max_length=2)
    status = models.CharField(
        _("Status"), max_length=12, choices=ReferenceStatus.choices, default=ReferenceStatus.SCALED
    )
    started_on = models.DateField(_("Start"), null=True, blank=True)
    ended_on = models.DateField(_("End"), null=True, blank=True)
    results = models.TextField(_("Results, before and after"), max_length=2000, blank=True)
    lessons = models.TextField(_("Lessons learned"), max_length=2000, blank=True)
    cost = models.DecimalField(_("Cost"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    grade = models.CharField(max_length=24, choices=EvidenceGrade.choices, default=EvidenceGrade.DECLARED)
    # Whose mail address it was that confirmed: the domain only. The address itself is deleted after the answer.
    confirmed_by = models.CharField(max_length=254, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    evidence_url = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["solution"], condition=~Q(evidence_url=""), name="reference_with_document")]
        constraints = [
            models.CheckConstraint(name="reference_dates_order", condition=Q(started_on__lte=F("ended_on"))),
            models.CheckConstraint(
                name="reference_confirmed_who_when",
                condition=Q(confirmed_at__isnull=True, confirmed_by="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.solution} · {self.city_name}"


class SolutionReview(models.Model):
    """A moderator's marks, 0 to 5 on four criteria. Any 0 blocks the listing; the words go back to the author."""

    solution = models.ForeignKey(Solution, models.CASCADE, related_name="reviews")
    version = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    marks = models.JSONField(help_text="review criterion → 0…5")
    comment = models.TextField(blank=True, max_length=3000)
    approved = models.BooleanField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.solution} v{self.version}"

    @property
    def rows(self) -> list[tuple[str, int]]:
        return [(str(label), self.marks.get(code)) for code, label in ReviewCriterion.choices]


class ReferenceData(models.Model):
    """Which committed data file stands in the tables, so that loading it again costs nothing."""

    name = models.CharField(max_length=40, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "reference data"

    def __str__(self) -> str:
        return self.name
