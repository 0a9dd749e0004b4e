"""Whose names must not be told before both sides have said yes."""

from django.db.models import Q

from cities.coach.partners import partners_of
from cities.models import Demand
from portal.accounts.models import User


def names_behind(demand: Demand, *organisation_ids: int | None) -> list[str]:
    """The people of the demand's cities and of the organisations given: full names, or letters beyond ASCII."""
    partners = [body.pk for body in partners_of(demand)]
    bodies = [pk for pk in (demand.organisation_id, *partners, *organisation_ids) if pk]
    people = User.objects.filter(Q(membership__organisation__in=bodies), is_active=True)
    names = people.order_by("pk").distinct().values_list("name", flat=True)
    return [name for name in names if " " in name.strip() or not name.isascii()]
