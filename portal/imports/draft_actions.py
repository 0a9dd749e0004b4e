"""Rows of a city's own list become drafts."""

from collections.abc import Iterable

from django.db import transaction

from cities.actions import create_demand, edit_demand
from cities.imports import ImportedDemand
from cities.models import Demand
from portal.accounts.models import Organisation, User
from portal.imports.own_list import changes_of


@transaction.atomic
def take_rows(*, by: User, organisation: Organisation, rows: Iterable[ImportedDemand]) -> list[Demand]:
    """A draft for each, all or none. Raises what create_demand raises."""
    made = []
    for row in rows:
        draft = create_demand(by=by, organisation=organisation, language=row.language, title=row.title)
        made.append(edit_demand(by=by, demand=draft, changes=changes_of(row)))
    return made
