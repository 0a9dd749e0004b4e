"""References: a block for each city in which the solution is or was at work, and an empty one to add the next."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from catalog.completeness import Section
from catalog.enums import ReferenceStatus
from catalog.forms.evidence import evidence_field
from catalog.models import Reference, Solution
from catalog.places import Place, find_places
from catalog.writing_actions import set_references
from portal.accounts.models import User
from portal.common.errors import Conflict
from portal.common.forms import BaseForm, DateInput
from portal.common.geography import country_choices, find_country
from portal.common.sections import EMPTY, LongText

MAX_ROWS = 20
MOST_PLACES = 8
ELSEWHERE = "elsewhere"
FACTS = ("city_name", "status", "started_on", "ended_on", "results", "lessons", "evidence_url")


class LooseChoice(forms.ChoiceField):
    """A choice among places that change with the typed name: one left over from another name is no error."""

    def valid_value(self, value: str) -> bool:
        return True


class ReferenceForm(BaseForm):
    """One reference. The city is typed; where the name means several places, they are offered to choose from.

    A place that the portal does not know is taken as typed, with its country.
    """

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    city_name = forms.CharField(
        label=_("City"), max_length=120, required=False, widget=forms.TextInput({"autocomplete": "off"}),
        help_text=_("Type the name in any language. If it is a common one, add the country: “Valencia, Spain”."),
    )  # fmt: skip
    place = LooseChoice(
        label=_("Which city is it?"), required=False, widget=forms.RadioSelect,
        error_messages={"required": _("Several cities bear this name. Choose one.")},
    )  # fmt: skip
    country = forms.ChoiceField(
        label=_("Country"), error_messages={"required": _("We do not know a city of this name. Choose its country.")}
    )
    status = forms.ChoiceField(label=_("Status"), choices=ReferenceStatus.choices, initial=ReferenceStatus.SCALED)
    started_on = forms.DateField(label=_("In use since"), required=False, widget=DateInput())
    ended_on = forms.DateField(
        label=_("Until"), required=False, widget=DateInput(), help_text=_("Leave it empty if it is still in use.")
    )
    results = LongText(
        label=_("Results, before and after"), max_length=2000, rows=4,
        help_text=_("Figures that the city would confirm: we may ask it."),
    )  # fmt: skip
    lessons = LongText(label=_("Lessons learned"), max_length=2000, rows=3)
    evidence_url = evidence_field()
    remove = forms.BooleanField(label=_("Remove this reference"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typed = str(self["city_name"].value() or "").strip()
        self.is_new_name = self.is_bound and bool(self.typed) and self.typed != self.initial.get("city_name")
        self.bare_name, self.typed_country = _split(self.typed) if self.is_new_name else ("", None)
        self.found = self._find()
        self._shape()

    def _find(self) -> list[Place]:
        """The cities that the typed name may mean; asked only of a form that was sent with a new name."""
        if not self.bare_name:
            return []
        places = find_places(self.bare_name)
        return [place for place in places if self.typed_country in (None, place.country)][:MOST_PLACES]

    def _shape(self) -> None:
        """Show the questions about the place only while they are open."""
        offered = [(place.code, place.label) for place in self.found]
        self.fields["place"].choices = [*offered, (ELSEWHERE, _("None of these"))]
        self.fields["place"].required = self.asks_for_place
        if not self.asks_for_place:
            self.fields["place"].widget = forms.HiddenInput()
        if self.asks_for_country:
            self.fields["country"].choices = [("", _("Choose")), *country_choices(get_language() or "en")]
        else:
            del self.fields["country"]
        if not self.initial.get("id"):
            del self.fields["remove"]

    @property
    def asks_for_place(self) -> bool:
        return len(self.found) > 1

    @property
    def asks_for_country(self) -> bool:
        """Where no city of that name is known, or none of those known is meant."""
        if not self.is_new_name or self.typed_country:
            return False
        return not self.found or (self.asks_for_place and self["place"].value() == ELSEWHERE)

    @property
    def legend(self) -> str:
        return str(self.initial.get("city_name") or gettext("Add a reference"))

    @property
    def is_blank(self) -> bool:
        if self.cleaned_data.get("remove"):
            return True
        return all(self.cleaned_data.get(name) in EMPTY for name in FACTS if name != "status")

    def clean(self) -> dict[str, Any]:
        if self.is_blank:
            return self.cleaned_data
        if not self.cleaned_data.get("city_name") and "city_name" not in self.errors:
            self.add_error("city_name", gettext("Name the city."))
        else:
            self._settle_place()
        start, end = self.cleaned_data.get("started_on"), self.cleaned_data.get("ended_on")
        if start and start > timezone.localdate():
            self.add_error("started_on", gettext("This day is still to come. A reference is in use already."))
        if start and end and end < start:
            self.add_error("ended_on", gettext("It cannot end before it starts. Check both days."))
        return self.cleaned_data

    def _settle_place(self) -> None:
        """Country and GeoNames id of the typed city, or the question that is still open."""
        if not self.is_new_name:
            self.cleaned_data |= {name: self.initial.get(name) for name in ("geonames_id", "country")}
            return
        chosen = self.cleaned_data.get("place")
        place = self.found[0] if len(self.found) == 1 else next((p for p in self.found if p.code == chosen), None)
        country = self.typed_country or self.cleaned_data.get("country")
        if place is not None:
            self.cleaned_data |= {"geonames_id": place.geonames_id, "country": place.country, "city_name": place.name}
        elif country:
            self.cleaned_data |= {"geonames_id": None, "country": country, "city_name": self.bare_name}
        elif not self.errors.keys() & {"place", "country"}:
            self.add_error("place", gettext("Several cities bear this name. Choose one."))

    def as_fields(self) -> dict[str, Any]:
        """Fields of a Reference, with ``id`` for a stored one."""
        names = (*FACTS, "geonames_id", "country")
        return {"id": self.initial.get("id"), **{name: self.cleaned_data[name] for name in names}}


class VersionForm(BaseForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class BaseReferences(BaseFormSet):
    """All references of ``record``. Blank blocks and those ticked for removal are left out."""

    slug, heading = Section.REFERENCES, Section.REFERENCES.label
    intro = _("Where is it at work, or was? Tell the bad news too: a pilot that ended teaches more than praise.")

    def __init__(self, record: Solution, data: Mapping[str, Any] | None = None) -> None:
        self.record = record
        self.conflict: Conflict | None = None
        super().__init__(data, initial=[stored_values(item) for item in record.references.all()], prefix="r")
        self.bookkeeping = VersionForm(data, initial={"version": record.version, "seen": fingerprint(record)})

    def _construct_form(self, index: int, **kwargs: Any) -> ReferenceForm:
        form: ReferenceForm = super()._construct_form(index, **kwargs)
        form.empty_permitted = False  # a stored block must be read even where nothing in it was changed
        return form

    def is_valid(self) -> bool:
        return bool(super().is_valid()) and self.bookkeeping.is_valid()

    def rows(self) -> list[dict[str, Any]]:
        return [form.as_fields() for form in self.forms if form.is_valid() and not form.is_blank]

    @property
    def expected_version(self) -> int:
        untouched = self.bookkeeping.cleaned_data["seen"] == fingerprint(self.record)
        return self.record.version if untouched else int(self.bookkeeping.cleaned_data["version"])

    def write(self, *, by: User) -> None:
        set_references(by=by, solution=self.record, rows=self.rows(), expected_version=self.expected_version)

    def take_over(self, conflict: Conflict) -> None:
        """As SectionForm.take_over."""
        self.conflict = conflict
        self.bookkeeping = VersionForm(initial={"version": self.record.version, "seen": fingerprint(self.record)})

    def refuse(self, message: str, names: tuple[str, ...] = ()) -> None:
        """As SectionForm.refuse: the blocks stay as they were typed."""
        self.non_form_errors().append(message)


def _split(typed: str) -> tuple[str, str | None]:
    """("Valencia", "ES") of "Valencia, Spain"; without a country that we know, what was typed and None."""
    name, comma, country = typed.rpartition(",")
    code = find_country(country) if comma else None
    return (name.strip(), code) if code and name.strip() else (typed, None)


def stored_values(item: Reference) -> dict[str, Any]:
    return {"id": item.pk, **{name: getattr(item, name) for name in (*FACTS, "geonames_id", "country")}}


def fingerprint(solution: Solution) -> str:
    rows = sorted(repr(sorted(stored_values(item).items())) for item in solution.references.all())
    return hashlib.sha256("\n".join(rows).encode("utf-8", "replace")).hexdigest()[:16]


ReferenceFormSet = formset_factory(
    ReferenceForm, formset=BaseReferences, extra=1, max_num=MAX_ROWS + 1, absolute_max=MAX_ROWS + 5
)
