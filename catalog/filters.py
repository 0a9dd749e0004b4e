"""The filters of the list of solutions, as a GET form. Every state of the list is an address."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from catalog.enums import BusinessModel, EvidenceGrade
from catalog.marks import ASKED
from catalog.models import FocusArea, Solution, Topic
from portal.common.facets import Column, Counts, Related, Values
from portal.common.geography import WORLD, find_place, reached_by, region_choices
from portal.common.languages import CODES
from portal.common.listing import ListForm, Order
from portal.common.translated import column
from portal.common.widgets import SuggestInput

Choices = list[tuple[Any, Any]]
# The title as most readers see it: any language rather than none, so that no row sorts as empty.
NAME = Coalesce(*(NullIf(F(column("name", code)), Value("")) for code in CODES))


def _as_good(counts: Counts, grade: str) -> int:
    """What is proven better counts for all lower grades too."""
    return sum(counts.get(str(better), 0) for better in range(EvidenceGrade(grade).rank, len(EvidenceGrade)))


class SolutionFilter(ListForm):
    """The query string of the list of solutions. Topics are offered once one focus area is chosen."""

    focus = forms.MultipleChoiceField(label=_("Focus area"), required=False, widget=forms.CheckboxSelectMultiple)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    place = forms.CharField(
        label=_("Country or region served"), required=False, max_length=80, widget=SuggestInput(lambda: _region_names())
    )
    model = forms.ChoiceField(label=_("Business model"), required=False)
    evidence = forms.ChoiceField(label=_("Evidence, at least"), required=False)
    language = forms.ChoiceField(label=_("Language of work"), required=False)
    reference = forms.BooleanField(label=_("With a reference city only"), required=False)

    subject = "solutions"
    explained = ("name", "tagline", "solves")
    orders = {
        "newest": Order(pgettext_lazy("sort", "Newest"), ("-listed_at", "-pk")),
        "name": Order(pgettext_lazy("sort", "Name"), (NAME, "pk")),
    }

    marks = ASKED
    counters = {
        "focus": Related("more_focus_areas__code", main="focus_area__code"),
        "topic": Related("topics__code"),
        "model": Values("business_models"),
        "evidence": Column("proven", spread=_as_good),
        "language": Values("languages"),
        "reference": Column(Case(When(has_reference=True, then=Value("True")))),
    }

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="filter_%s")
        self.suggest(f"{reverse('searches:suggestions')}?of=solutions")
        self.fields["focus"].choices = [(area.code, area.label) for area in FocusArea.objects.all()]
        self.fields["topic"].choices = _topic_choices(data.getlist("focus"), str(data.get("topic", "")))
        if len(self.fields["topic"].choices) == 1:
            del self.fields["topic"]
        self.fields["model"].choices = [("", _("All business models")), *BusinessModel.choices]
        self.fields["evidence"].choices = [("", _("Any evidence")), *EvidenceGrade.choices[1:]]
        self.fields["language"].choices = [("", _("All languages")), *settings.LANGUAGES]

    def clean_place(self) -> str:
        """The code of what was typed in any of the languages."""
        typed: str = self.cleaned_data["place"].strip()
        code = find_place(typed) if typed else ""
        if code is None:
            raise ValidationError(
                gettext("“%(name)s” is no country or region we know. Check the spelling.") % {"name": typed}
            )
        return code

    def narrow(self, records: QuerySet[Solution], chosen: Mapping[str, Any]) -> QuerySet[Solution]:
        for name, narrower in NARROWERS.items():
            if name in chosen:
                records = narrower(records, chosen[name])
        return records


def _topic_choices(areas: list[str], asked: str) -> Choices:
    """Topics of the one chosen focus area, and the one asked for: sixty at once help nobody, and weigh too much."""
    chosen = areas if len(areas) == 1 else []
    groups: dict[str, list[tuple[str, str]]] = {}
    for topic in Topic.objects.filter(Q(focus_area__code__in=chosen) | Q(code=asked)).select_related("focus_area"):
        groups.setdefault(topic.focus_area.label, []).append((topic.code, topic.label))
    return [("", _("All topics")), *groups.items()]


def _region_names() -> list[str]:
    """Suggestions for the box of places: two hundred countries would weigh more than the list of solutions."""
    return [name for code, name in region_choices(get_language() or "en") if code != WORLD]


def _focus(solutions: QuerySet[Solution], codes: list[str]) -> QuerySet[Solution]:
    # A subquery: a join would list a solution once for each of its areas.
    further = Solution.more_focus_areas.through.objects.filter(focusarea__code__in=codes).values("solution")
    main = FocusArea.objects.filter(code__in=codes).values("pk")
    return solutions.filter(Q(focus_area__in=main) | Q(pk__in=further))


NARROWERS: dict[str, Callable[[QuerySet[Solution], Any], QuerySet[Solution]]] = {
    "focus": _focus,
    "topic": lambda solutions, code: solutions.filter(topics__code=code),
    # Who serves a country serves it by name or as part of a region; a region is served where any part of it is.
    "place": lambda solutions, code: solutions.filter(reach__overlap=reached_by(code)),
    "model": lambda solutions, code: solutions.filter(business_models__contains=[code]),
    "evidence": lambda solutions, grade: solutions.filter(proven__gte=EvidenceGrade(grade).rank),
    "language": lambda solutions, code: solutions.filter(languages__contains=[code]),
    "reference": lambda solutions, _yes: solutions.filter(has_reference=True),
}
