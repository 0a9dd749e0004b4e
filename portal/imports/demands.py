"""A row of a file as a demand, checked."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cities.geography import find_city
from cities.imports import ImportedDemand, import_demand
from cities.models import City, Demand
from portal.common.sources import Imported
from portal.imports.checking import (
    Checked,
    Draft,
    keep_long_title,
    read_values,
    settle_focus,
    settle_identity,
    settle_language,
    settle_money,
)
from portal.imports.fields import DEMAND
from portal.imports.mapping import GuessLanguage
from portal.imports.reading import Reader
from portal.imports.subjects import Subject

NAMING = ("title", "body_name", "city", "country", "problem")


class Demands(Subject[ImportedDemand, Demand]):
    """Demands, as portal.imports.running handles them."""

    schema = DEMAND

    def __init__(self) -> None:
        super().__init__()
        self._cities: dict[int, tuple[int, str] | None] = {}

    def check(self, reader: Reader, guess_language: GuessLanguage) -> Checked:
        values = read_values(reader, DEMAND)
        draft = Draft(
            values, reader, values["title"], "\n".join(values[name] for name in ("summary", "problem", "outcome"))
        )
        settle_identity(draft, NAMING)
        keep_long_title(draft, DEMAND, "title", "summary")
        self._settle_place(draft)
        settle_language(draft, guess_language, values["country"])
        settle_focus(draft, self.guesser, self.areas)
        settle_money(draft, "budget_min", "budget_max")
        _check_dates(draft)
        if values["quantity"] is not None and not values["scale_unit"]:
            draft.notes.append(_("quantity: there is no unit, so the amount is left out."))
            values["quantity"] = None
        values["source_licence"] = values.pop("licence")
        return self.checked(draft, lambda: ImportedDemand(**values))

    def write(self, record: ImportedDemand) -> Imported[Demand]:
        return import_demand(by="import", row=record)

    def _settle_place(self, draft: Draft) -> None:
        """The city by its GeoNames id or name, and the country of either; the name is kept where it is no city."""
        values = draft.values
        geonames_id, name, country = values["geonames_id"], values.pop("city"), values["country"]
        known = self._city(geonames_id) if geonames_id else None
        if known and country and known[1] != country:
            draft.notes.append(
                _("city: GeoNames %(id)s is in %(there)s, the file says %(country)s; the city is looked up by name.")
                % {"id": geonames_id, "there": known[1], "country": country}
            )
            known = None
        if known is None and name and (found := find_city(name, country or None)):
            known = self._city(found)
        values["geonames_id"], values["country"] = known or (None, country)
        if known is None and (name or geonames_id):
            draft.notes.append(
                _("city: “%(name)s” is not a city that is known here; the demand has a country only.")
                % {"name": name or geonames_id}
            )
            values["site"] = values["site"] or name
        if not values["country"] and not draft.errors:
            draft.errors.append(_("country: is empty, and no known city tells it. Add a column “country”."))

    def _city(self, geonames_id: int) -> tuple[int, str] | None:
        """(GeoNames id, country) of a city in the table."""
        if geonames_id not in self._cities:
            row = City.objects.filter(geonames_id=geonames_id).values_list("geonames_id", "country").first()
            self._cities[geonames_id] = row
        return self._cities[geonames_id]


def _check_dates(draft: Draft) -> None:
    start, end = draft.values["start_on"], draft.values["operation_on"]
    if start is not None and end is not None and end < start:
        draft.errors.append(
            _("operation_on: the end (%(end)s) is before the start (%(start)s).") % {"end": end, "start": start}
        )
