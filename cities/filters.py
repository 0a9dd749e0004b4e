"""The filters of the list of demands, as a GET form. Every state of the list is an address."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import BooleanField, Case, DecimalField, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Now, TruncDate
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models import FocusArea, Topic
from cities.enums import ProjectStage
from cities.marks import ASKED
from cities.models import Demand
from cities.states import LIVE
from portal.common.currencies import format_amount, rates
from portal.common.facets import Column, Counts, Related
from portal.common.geography import continent_of, countries, country_choices, expand_regions, region_choices
from portal.common.languages import format_range
from portal.common.listing import ListForm, Order
from portal.common.occurring import occurring

# Dates to come first, then the passed ones, then none.
PASSED = Case(
    When(decision_on__gte=TruncDate(Now()), then=Value(0)),
    When(decision_on__isnull=False, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
# Euros, from (included) and to (excluded). Budgets in other currencies are compared at the reference rate.
BUDGETS = {
    "to-100k": (None, 100_000),
    "100k-1m": (100_000, 1_000_000),
    "1m-10m": (1_000_000, 10_000_000),
    "from-10m": (10_000_000, None),
}
Choices = list[tuple[Any, Any]]


class PerEuro(Func):
    """Units of the currency named by a column per euro; nothing where no rate is known.

    One look into two lists: as a condition for each of 150 currencies, writing the query takes longer than running it.
    """

    template = "(%%s::numeric[])[array_position(%%s::text[], %(expressions)s::text)]"
    output_field = DecimalField()

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, list[Any]]:
        sql, params = super().as_sql(compiler, connection, **more)
        known = rates()
        return sql, [[rate.per_euro for rate in known.values()], list(known), *params]


AMOUNT = Coalesce("budget_max", "budget_min")


def _within(low: int | None, high: int | None) -> Q:
    """By the upper end of the budget, or the lower where it stands alone. Nothing where no rate is known."""
    rate = PerEuro("currency")
    from_here = Q() if low is None else Q(GreaterThanOrEqual(AMOUNT, rate * low))
    return from_here if high is None else from_here & Q(LessThan(AMOUNT, rate * high))


class InBand(Func):
    """The same as a filter: of very many demands the limits of each currency are joined, not looked up."""

    output_field = BooleanField()

    def __init__(self, low: int | None, high: int | None) -> None:
        super().__init__("currency", AMOUNT)
        self.low, self.high = Decimal(low or "-Infinity"), Decimal(high or "Infinity")

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, list[Any]]:
        known = rates()
        limits = [[limit * rate.per_euro for rate in known.values()] for limit in (self.low, self.high)]
        currency, amount = (compiler.compile(one)[0] for one in self.source_expressions)
        bands = "unnest(%s::text[], %s::numeric[], %s::numeric[]) AS band(currency, low, high)"
        is_in = f"band.currency = {currency} AND {amount} >= band.low AND {amount} < band.high"
        return f"EXISTS (SELECT 1 FROM {bands} WHERE {is_in})", [list(known), *limits]  # noqa: S608


class DemandFilter(ListForm):
    """The query string of the list of demands.

    ``readable`` are the demands that the reader may see: only places that occur there are offered.
    """

    focus = forms.MultipleChoiceField(label=_("Focus area"), required=False, widget=forms.CheckboxSelectMultiple)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    place = forms.ChoiceField(label=_("Country or region"), required=False)
    stage = forms.ChoiceField(
        label=_("Project stage"), choices=[("", _("All stages")), *ProjectStage.choices], required=False
    )
    budget = forms.ChoiceField(label=_("Budget"), required=False)
    language = forms.ChoiceField(label=_("Language of the text"), required=False)
    origin = forms.ChoiceField(label=_("Where it comes from"), required=False)
    open = forms.BooleanField(label=_("Open demands only"), required=False)

    subject = "demands"
    explained = ("title", "summary", "problem")
    orders = {
        "newest": Order(pgettext_lazy("sort", "Newest"), ("-published_at", "-pk")),
        "decision": Order(pgettext_lazy("sort", "Decision date"), (PASSED, "decision_on", "-pk")),
    }

    marks = ASKED
    counters = {
        "focus": Related("more_focus_areas__code", main="focus_area__code"),
        "topic": Related("topics__code"),
        "place": Column("country", spread=lambda counts, code: _in_place(counts, code)),
        "stage": Column("stage"),
        "budget": Column(Case(*(When(_within(*BUDGETS[band]), then=Value(band)) for band in BUDGETS))),
        "language": Column("original_language"),
        "origin": Column(Case(When(source="", then=Value("here")), default=Value("imported"))),
        "open": Column(Case(When(state__in=LIVE, then=Value("True")))),
    }

    def __init__(self, data: MultiValueDict[str, Any], *, readable: QuerySet[Demand]) -> None:
        super().__init__(data, auto_id="f_%s")
        self.suggest(f"{reverse('searches:suggestions')}?of=demands")
        self.fields["focus"].choices = [(area.code, area.label) for area in FocusArea.objects.all()]
        self.fields["language"].choices = [("", _("All languages")), *settings.LANGUAGES]
        topics = _topic_choices(self.data.getlist("focus"), str(data.get("topic", "")))
        self.fields["topic"].choices = [("", _("All topics")), *topics]
        if not topics:
            del self.fields["topic"]
        self.fields["place"].choices = _place_choices(readable, str(data.get("place", "")))
        self.fields["budget"].choices = _budget_choices()
        self.fields["origin"].choices = [
            ("", _("All sources")),
            ("here", _("Written by cities on this portal")),
            ("imported", _("Imported from public sources")),
        ]

    def narrow(self, records: QuerySet[Demand], chosen: Mapping[str, Any]) -> QuerySet[Demand]:
        for name, narrower in NARROWERS.items():
            if name in chosen:
                records = narrower(records, chosen[name])
        return records


def _topic_choices(areas: list[str], asked: str) -> Choices:
    """The topics of the focus areas chosen, by area, and the one asked for: sixty at once nobody reads."""
    groups: dict[str, list[tuple[str, str]]] = {}
    wanted = Topic.objects.filter(Q(focus_area__code__in=areas) | Q(code=asked)).select_related("focus_area")
    for topic in wanted:
        groups.setdefault(topic.focus_area.label, []).append((topic.code, topic.label))
    return list(groups.items())


def _place_choices(readable: QuerySet[Demand], asked: str) -> Choices:
    """Continents and countries with demands in them, and the place asked for: links may lead to empty ones too."""
    language = get_language() or "en"
    present = set(occurring(readable, "country")) & set(countries())
    offered = {continent_of(code) for code in present} | {asked}
    return [
        ("", _("All countries")),
        (_("Regions"), [(code, name) for code, name in region_choices(language) if code in offered]),
        (_("Countries"), [(code, name) for code, name in country_choices(language) if code in present | {asked}]),
    ]


def _budget_choices() -> Choices:
    """Bands in euros, as the reader's language writes amounts."""
    language = get_language() or "en"
    low, middle, high = (format_amount(Decimal(amount), "EUR", language) for amount in (100_000, 1_000_000, 10_000_000))
    return [
        ("", _("All budgets")),
        ("to-100k", _("Below %(amount)s") % {"amount": low}),
        ("100k-1m", format_range(low, middle, language)),
        ("1m-10m", format_range(middle, high, language)),
        ("from-10m", _("%(amount)s and more") % {"amount": high}),
    ]


def _focus(demands: QuerySet[Demand], codes: list[str]) -> QuerySet[Demand]:
    # A subquery: a join would list a demand once for each of its areas.
    further = Demand.more_focus_areas.through.objects.filter(focusarea__code__in=codes).values("demand")
    return demands.filter(Q(focus_area__in=FocusArea.objects.filter(code__in=codes).values("pk")) | Q(pk__in=further))


def _place(demands: QuerySet[Demand], code: str) -> QuerySet[Demand]:
    return demands.filter(country__in=expand_regions([code]))


def _budget(demands: QuerySet[Demand], band: str) -> QuerySet[Demand]:
    return demands.filter(InBand(*BUDGETS[band]))


def _in_place(counts: Counts, code: str) -> int:
    return sum(counts.get(country, 0) for country in expand_regions([code]))


NARROWERS: dict[str, Callable[[QuerySet[Demand], Any], QuerySet[Demand]]] = {
    "focus": _focus,
    "topic": lambda demands, code: demands.filter(topics__code=code),
    "place": _place,
    "stage": lambda demands, stage: demands.filter(stage=stage),
    "budget": _budget,
    "language": lambda demands, code: demands.filter(original_language=code),
    "origin": lambda demands, origin: demands.filter(source="") if origin == "here" else demands.exclude(source=""),
    "open": lambda demands, _yes: demands.filter(state__in=LIVE),
}
