"""The cities and what they need."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.enums import BusinessModel, ScaleUnit
from catalog.models import Criterion, FocusArea, Topic
from cities.enums import (
    BudgetCertainty,
    DataAccess,
    DemandState,
    FinanceRoute,
    Hazard,
    Mandate,
    ProcurementRoute,
    ProjectStage,
    Visibility,
)
from cities.querysets import CityQuerySet, DemandQuerySet
from portal.accounts.models import Organisation, User
from portal.common.languages import LANGUAGES
from portal.common.models import Sourced, TimeStamped, public_id
from portal.common.translated import column


class City(models.Model):
    """A place, from GeoNames; the facts that decide whether what worked elsewhere can work here."""

    geonames_id = models.PositiveBigIntegerField(unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    subdivision = models.CharField(max_length=20, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    population = models.PositiveIntegerField(null=True, blank=True)
    koppen = models.CharField(max_length=3, blank=True, help_text="Köppen-Geiger climate class")
    time_zone = models.CharField(max_length=60, blank=True)
    hazards = ArrayField(models.CharField(max_length=12, choices=Hazard.choices), default=list, blank=True)
    working_languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    iclei_member_since = models.DateField(null=True, blank=True)
    search = models.TextField(
        blank=True, editable=False, help_text="All names, folded, for look-ups by the official's own spelling."
    )

    objects = CityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "cities"
        indexes = [
            models.Index(fields=["country", "-population"]),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="city_search_trigram"),
        ]

    def __str__(self) -> str:
        return self.name


class PublicBody(TimeStamped):
    """The municipality, utility or agency that speaks for a city on the portal."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="public_body")
    city = models.ForeignKey(City, models.PROTECT, related_name="public_bodies", verbose_name=_("City"))
    department = models.CharField(_("Department"), max_length=160, blank=True)

    class Meta:
        verbose_name_plural = "public bodies"

    def __str__(self) -> str:
        return self.organisation.name


class Demand(TimeStamped, Sourced):
    public_id = models.CharField(max_length=12, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="demands")
    city = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, related_name="demands", verbose_name=_("City")
    )
    country = models.CharField(max_length=2)
    body_name = models.CharField(max_length=240, blank=True, help_text="The buyer as an imported notice names it.")
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=20, choices=DemandState.choices, default=DemandState.DRAFT)
    original_language = models.CharField(_("Language of this text"), max_length=10, default="en")
    translations = models.JSONField(default=dict, blank=True)

    title = models.CharField(_("Title"), max_length=240)
    summary = models.TextField(_("Summary"), max_length=1200, blank=True)
    problem = models.TextField(_("The problem"), max_length=12000, blank=True)
    outcome = models.TextField(_("The outcome wanted"), max_length=6000, blank=True)

    focus_area = models.ForeignKey(
        FocusArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="primary_demands",
        verbose_name=_("Main focus area"),
    )
    more_focus_areas = models.ManyToManyField(
        FocusArea, blank=True, related_name="further_demands", verbose_name=_("Further focus areas")
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="demands", verbose_name=_("Topics"))
    focus_guessed = models.BooleanField(default=False)

    people_served = models.PositiveIntegerField(_("People served"), null=True, blank=True)
    quantity = models.DecimalField(
        _("Size of the project"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    scale_unit = models.CharField(_("Unit of the project size"), max_length=20, choices=ScaleUnit.choices, blank=True)
    site = models.CharField(_("Where in the city"), max_length=300, blank=True)
    indicator = models.CharField(_("Indicator"), max_length=200, blank=True)
    indicator_baseline = models.CharField(_("Today"), max_length=120, blank=True)
    indicator_target = models.CharField(_("Target"), max_length=120, blank=True)

    stage = models.CharField(_("Project stage"), max_length=16, choices=ProjectStage.choices, blank=True)
    budget_min = models.DecimalField(_("Budget from"), max_digits=16, decimal_places=2, null=True, blank=True)
    budget_max = models.DecimalField(_("Budget to"), max_digits=16, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("Currency"), max_length=3, blank=True)
    budget_certainty = models.CharField(
        _("How certain is the budget"), max_length=12, choices=BudgetCertainty.choices, blank=True
    )
    finance_route = models.CharField(_("Finance route"), max_length=20, choices=FinanceRoute.choices, blank=True)
    business_models = ArrayField(
        models.CharField(max_length=24, choices=BusinessModel.choices),
        default=list,
        blank=True,
        verbose_name=_("Business models you can accept"),
    )
    procurement_route = models.CharField(
        _("Procurement route"), max_length=24, choices=ProcurementRoute.choices, blank=True
    )
    mandate = models.CharField(
        _("Who has said yes to the project?"), max_length=12, choices=Mandate.choices, blank=True
    )
    data_access = models.CharField(_("Are there data?"), max_length=12, choices=DataAccess.choices, blank=True)
    data_note = models.TextField(_("Which data, and where?"), max_length=1000, blank=True)
    decision_on = models.DateField(_("Decision expected on"), null=True, blank=True)
    start_on = models.DateField(_("Work to start"), null=True, blank=True)
    operation_on = models.DateField(_("In operation by"), null=True, blank=True)

    languages = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, verbose_name=_("Languages you can work in")
    )
    languages_required = models.BooleanField(_("Providers must work in one of these languages"), default=False)
    visibility = models.CharField(
        _("Who may read it"), max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    expires_on = models.DateField(null=True, blank=True)

    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    review_note = models.TextField(blank=True)
    state_reason = models.CharField(max_length=24, blank=True)
    search = SearchVectorField(null=True, editable=False)

    objects = DemandQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], condition=~Q(source=""), name="demand_source_once"),
            models.CheckConstraint(name="demand_state_known", condition=Q(state__in=DemandState.values)),
            models.CheckConstraint(name="demand_budget_order", condition=Q(budget_min__lte=F("budget_max"))),
            models.CheckConstraint(name="demand_budget_positive", condition=Q(budget_min__gte=0)),
            models.CheckConstraint(name="demand_budget_max_positive", condition=Q(budget_max__gte=0)),
            models.CheckConstraint(
                name="demand_budget_has_currency",
                condition=Q(budget_min__isnull=True, budget_max__isnull=True) | ~Q(currency=""),
            ),
            models.CheckConstraint(name="demand_dates_order", condition=Q(start_on__lte=F("operation_on"))),
            models.CheckConstraint(name="demand_quantity_positive", condition=Q(quantity__gte=0)),
            models.CheckConstraint(
                name="demand_published_when",
                condition=~Q(state__in=["published", "in_dialogue", "closed"]) | Q(published_at__isnull=False),
            ),
            # Imported notices may lack a city or an account holder; what is written here has both.
            models.CheckConstraint(
                name="demand_written_here_has_body",
                condition=~Q(source="") | Q(organisation__isnull=False, city__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-published_at"]),
            models.Index(fields=["country"]),
            # A filter that leaves few, joined with the words that are searched for.
            models.Index(fields=["original_language"]),
            models.Index(fields=["stage"]),
            GinIndex(fields=["search"]),
            # Titles that read alike (matching.coach.near). Most of these columns are empty.
            *(
                GinIndex(fields=[column("title", code)], opclasses=["gin_trgm_ops"], name=f"title_alike_{suffix}")
                for code, suffix in ((one.code, one.suffix) for one in LANGUAGES)
            ),
            # Lists in order, their counts and their choices, read from the index alone: a row holds texts in seven
            # languages, and a hundred thousand of them would be read for each page.
            models.Index(
                fields=["-published_at", "-id"],
                include=[
                    *("state", "visibility", "organisation", "country", "focus_area", "original_language", "stage"),
                    *("decision_on", "source", "budget_min", "budget_max", "currency"),
                ],
                name="demand_browse",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("D")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("cities:demand-detail", args=[self.public_id])

    @property
    def is_live(self) -> bool:
        return self.state in (DemandState.PUBLISHED, DemandState.IN_DIALOGUE)


class Requirement(models.Model):
    """A must-have or nice-to-have on the shared criteria: a flag that has to hold, or a number to reach."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="requirements")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+", verbose_name=_("Criterion"))
    is_mandatory = models.BooleanField(_("Must-have"), default=True)
    number = models.DecimalField(_("Value"), max_digits=14, decimal_places=3, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["demand", "criterion"], name="requirement_once")]

    def __str__(self) -> str:
        return f"{self.criterion} {self.number if self.number is not None else ''}".strip()
