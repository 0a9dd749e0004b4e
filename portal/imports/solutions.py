"""A row of a file as a solution, checked."""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalog.imports import ImportedSolution, import_solution
from catalog.models import Solution
from portal.common.sources import Imported
from portal.imports.checking import (
    Checked,
    Draft,
    check_order,
    keep_long_title,
    read_values,
    settle_focus,
    settle_identity,
    settle_language,
    settle_money,
)
from portal.imports.fields import SOLUTION
from portal.imports.mapping import GuessLanguage
from portal.imports.reading import Reader
from portal.imports.subjects import Subject

NAMING = ("name", "provider", "solves")
SMALL = 2**15 - 1  # what the columns of months and levels hold


class Solutions(Subject[ImportedSolution, Solution]):
    """Solutions, as portal.imports.running handles them."""

    schema = SOLUTION

    def check(self, reader: Reader, guess_language: GuessLanguage) -> Checked:
        values = read_values(reader, SOLUTION)
        draft = Draft(
            values, reader, values["name"], "\n".join(values[name] for name in ("tagline", "solves", "how_it_works"))
        )
        settle_identity(draft, NAMING)
        keep_long_title(draft, SOLUTION, "name", "tagline")
        settle_language(draft, guess_language, values["provider_country"])
        settle_focus(draft, self.guesser, self.areas)
        settle_money(draft, "cost_min", "cost_max")
        check_order(draft, "quantity_min", "quantity_max")
        check_order(draft, "city_population_min", "city_population_max")
        _check_levels(draft)
        values["source_licence"] = values.pop("licence")
        return self.checked(draft, lambda: ImportedSolution(**values))

    def write(self, record: ImportedSolution) -> Imported[Solution]:
        return import_solution(by="import", row=record)


def _check_levels(draft: Draft) -> None:
    trl, months = draft.values["trl"], draft.values["lead_time_months"]
    if trl is not None and not 1 <= trl <= 9:
        draft.errors.append(
            _("trl: %(value)s is not a technology readiness level. Levels go from 1 to 9.") % {"value": trl}
        )
    if months is not None and months > SMALL:
        draft.errors.append(_("%(field)s: %(value)s is too large.") % {"field": "lead_time_months", "value": months})
