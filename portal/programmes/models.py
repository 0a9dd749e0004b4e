"""Activities, initiatives and programmes with their calls. What else belongs to them has files of its own."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models import FocusArea, Solution
from cities.models import Demand
from matching.models import Match
from portal.accounts.models import Organisation, User
from portal.common.models import TimeStamped, public_id
from portal.programmes import deadlines
from portal.programmes.enums import PartnerRole, ProgrammeKind, ProgrammeState, Side
from portal.programmes.querysets import CallQuerySet, ProgrammeQuerySet
from portal.programmes.texts import InProgramme


class Programme(TimeStamped):
    """``neutrality_covers`` are the organisations whose double part the neutrality officer has looked at."""

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    kind = models.CharField(_("Kind"), max_length=12, choices=ProgrammeKind.choices, default=ProgrammeKind.PROGRAMME)
    state = models.CharField(max_length=12, choices=ProgrammeState.choices, default=ProgrammeState.DRAFT)
    original_language = models.CharField(_("Language of this text"), max_length=10, default="en")
    translations = models.JSONField(default=dict, blank=True)
    title = models.CharField(_("Title"), max_length=200)
    summary = models.TextField(_("In one or two sentences"), max_length=600, blank=True)
    about = models.TextField(pgettext_lazy("programme", "What it is about"), max_length=8000, blank=True)
    focus_areas = models.ManyToManyField(
        FocusArea, blank=True, related_name="programmes", verbose_name=_("Focus areas")
    )
    regions = ArrayField(
        models.CharField(max_length=3), default=list, blank=True, verbose_name=_("Countries and regions")
    )
    starts_on = models.DateField(_("Begins on"), null=True, blank=True)
    ends_on = models.DateField(_("Ends on"), null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    announced_at = models.DateTimeField(null=True, blank=True)
    results_at = models.DateTimeField(null=True, blank=True)

    neutrality_note = models.TextField(blank=True, max_length=3000)
    neutrality_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    neutrality_at = models.DateTimeField(null=True, blank=True)
    neutrality_covers = ArrayField(models.BigIntegerField(), default=list, blank=True)

    report = models.TextField(_("What came of it"), max_length=12000, blank=True)
    report_figures = models.JSONField(
        default=dict, blank=True, help_text="As they stood when the report was published."
    )
    reported_at = models.DateTimeField(null=True, blank=True)

    demands = models.ManyToManyField(Demand, blank=True, related_name="programmes")
    solutions = models.ManyToManyField(Solution, blank=True, related_name="programmes")
    is_demo = models.BooleanField(default=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="programme_state_known", condition=Q(state__in=ProgrammeState.values)),
            models.CheckConstraint(name="programme_kind_known", condition=Q(kind__in=ProgrammeKind.values)),
            models.CheckConstraint(name="programme_dates_order", condition=Q(starts_on__lte=F("ends_on"))),
            models.CheckConstraint(
                name="programme_neutrality_who_what_when",
                condition=Q(neutrality_note="", neutrality_by__isnull=True, neutrality_at__isnull=True)
                | (~Q(neutrality_note="") & Q(neutrality_by__isnull=False, neutrality_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["state", "-announced_at"])]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("P")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("programmes:programme-detail", args=[self.public_id])


class Partner(models.Model):
    """Who carries or pays a programme: an organisation of the portal, or one known by name only."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="partners")
    role = models.CharField(pgettext_lazy("partner of a programme", "Part"), max_length=8, choices=PartnerRole.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("Name"), max_length=200)
    website = models.URLField(_("Website"), max_length=300, blank=True)

    class Meta:
        ordering = ["role", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "role", "name"], name="partner_once"),
            models.CheckConstraint(name="partner_role_known", condition=Q(role__in=PartnerRole.values)),
            models.CheckConstraint(name="partner_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class Call(InProgramme, TimeStamped):
    """An invitation to apply until ``deadline``, the minute of which counts in full; ``zone`` is how it is written.

    Before ``opens_at`` nothing is taken; empty means as soon as the programme opens.
    """

    public_id = models.CharField(max_length=12, unique=True, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="calls")
    side = models.CharField(_("For whom"), max_length=8, choices=Side.choices)
    title = models.CharField(_("Title"), max_length=200)
    about = models.TextField(_("What you look for, and what those accepted get"), max_length=8000, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    deadline = models.DateTimeField()
    zone = models.CharField(max_length=60, default=deadlines.ANYWHERE)
    places = models.PositiveSmallIntegerField(_("Places"), null=True, blank=True)
    jurors_needed = models.PositiveSmallIntegerField(_("Scores that each application needs"), default=2)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["deadline", "pk"]
        constraints = [
            models.CheckConstraint(name="call_side_known", condition=Q(side__in=Side.values)),
            models.CheckConstraint(name="call_jurors_some", condition=Q(jurors_needed__gte=1)),
            models.CheckConstraint(name="call_opens_before_deadline", condition=Q(opens_at__lt=F("deadline"))),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.public_id = self.public_id or public_id("C")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("programmes:call-detail", args=[self.public_id])

    @property
    def wall(self) -> datetime:
        return deadlines.wall(self.deadline, self.zone)


class CallCriterion(InProgramme):
    """What the jury judges by. The weights of a call add up to 100 before it opens."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("Criterion"), max_length=200)
    weight = models.PositiveSmallIntegerField(_("Weight"), validators=[MinValueValidator(1), MaxValueValidator(100)])

    class Meta:
        verbose_name_plural = "call criteria"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(name="call_criterion_weight_range", condition=Q(weight__gte=1, weight__lte=100)),
            models.UniqueConstraint(fields=["call", "order"], name="call_criterion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.weight})"

    @property
    def programme(self) -> Programme:
        return self.call.programme


class CallQuestion(InProgramme):
    """What every applicant answers."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(pgettext_lazy("to applicants", "Question"), max_length=300)
    is_required = models.BooleanField(_("An answer is needed"), default=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["call", "order"], name="call_question_once")]

    def __str__(self) -> str:
        return self.text

    @property
    def programme(self) -> Programme:
        return self.call.programme


class Extension(models.Model):
    """One more stretch of time, for everybody."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="extensions")
    old = models.DateTimeField()
    new = models.DateTimeField()
    reason = models.TextField(max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(name="extension_is_later", condition=Q(new__gt=F("old")))]

    def __str__(self) -> str:
        return f"{self.call_id}: {self.new}"


class Enquiry(models.Model):
    """A question about a call. Its answer is for everybody; who asked is shown to nobody, and told of the answer."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="enquiries")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    language = models.CharField(max_length=10)
    text = models.TextField(_("Your question"), max_length=2000)
    answer = models.TextField(_("Answer"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "enquiries"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="enquiry_answered_who_what_when",
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class ProgrammeMatch(models.Model):
    """A match that came about in a programme; it is decided like any other."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="match_links")
    match = models.ForeignKey(Match, models.PROTECT, related_name="programme_links")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "programme matches"
        constraints = [models.UniqueConstraint(fields=["programme", "match"], name="programme_match_once")]

    def __str__(self) -> str:
        return f"{self.programme_id}: {self.match_id}"


from portal.programmes.application_models import Application  # noqa: E402
from portal.programmes.cohort_models import CohortFollowUp, CohortMember, Milestone, MilestoneReached  # noqa: E402
from portal.programmes.event_models import Event, Seat  # noqa: E402
from portal.programmes.jury_models import Juror, JurorConflict, Score  # noqa: E402

__all__ = [
    "Application", "Call", "CallCriterion", "CallQuestion", "CohortFollowUp", "CohortMember", "Enquiry", "Event",
    "Extension", "Juror", "JurorConflict", "Milestone", "MilestoneReached", "Partner", "Programme", "ProgrammeMatch",
    "Score", "Seat",
]  # fmt: skip
