"""Searches that a person keeps, and how often they want to hear of new results."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.common.errors import DomainError
from portal.notices.actions import notify, path_of
from portal.notices.clock import zone_of
from portal.notices.enums import Cadence
from portal.searches.listings import LISTINGS, form_of
from portal.searches.models import SavedSearch, Told

MOST = 50
MOST_AT_ONCE = 500
# A transaction that published a record may commit after we looked; what was told is kept, so looking back costs little.
BACK = timedelta(hours=1)
HOUR, MONDAY = 8, 0


@transaction.atomic
def save_search(*, by: User, name: str, subject: str, query: str, language: str, cadence: str) -> SavedSearch:
    """Keep a state of a list. One that is kept already gets the new name and frequency."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two tabs must not make one too many
    mine, now = SavedSearch.objects.filter(user=by), timezone.now()
    row = mine.filter(subject=subject, query=query).first()
    if row is not None:
        return edit_search(by=by, search=row, name=name, cadence=cadence)
    if mine.count() >= MOST:
        raise DomainError(_("You have many saved searches already. Remove one first."), code="too_many")
    return SavedSearch.objects.create(
        user=by, name=name, subject=subject, query=query, language=language, cadence=cadence,
        looked_at=now, next_at=next_look(cadence, now, by.time_zone),
    )  # fmt: skip


@transaction.atomic
def edit_search(*, by: User, search: SavedSearch, name: str, cadence: str) -> SavedSearch:
    """Rename it, or hear of it more or less often. Who switches alerts on hears of what comes from now on."""
    row = SavedSearch.objects.select_for_update(no_key=True).get(pk=search.pk, user=by)
    if row.cadence != cadence:
        row.looked_at = timezone.now() if row.cadence == Cadence.OFF else row.looked_at
        row.next_at = next_look(cadence, timezone.now(), by.time_zone)
    row.name, row.cadence = name, cadence
    row.save(update_fields=["name", "cadence", "looked_at", "next_at", "updated_at"])
    return row


@transaction.atomic
def delete_search(*, by: User, search: SavedSearch) -> None:
    SavedSearch.objects.filter(pk=search.pk, user=by).delete()


def next_look(cadence: str, now: datetime, time_zone: str) -> datetime | None:
    """At once, at the next eight o'clock, or at that of the next Monday, on the person's clock; None for never."""
    if cadence in (Cadence.OFF, Cadence.NOW):
        return now if cadence == Cadence.NOW else None
    local = now.astimezone(zone_of(time_zone))
    due = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    while due <= local or (cadence == Cadence.WEEKLY and due.weekday() != MONDAY):
        due += timedelta(days=1)
    return due


@transaction.atomic
def tell_of_new(*, search_id: int, now: datetime) -> int:
    """Tell the owner how many records came that they may read at this moment, each once. Returns how many."""
    search = SavedSearch.objects.select_for_update(no_key=True).select_related("user").filter(pk=search_id).first()
    if search is None or search.next_at is None or search.next_at > now:
        return 0
    found = _new_of(search) if search.user.is_active else []
    told = Told.objects.bulk_create([Told(search=search, reference=reference) for reference in found])
    if told:
        params = {"name": search.name, "count": str(len(told))}
        event = f"search:{search.pk}:{told[-1].pk}"
        notify(recipients=[search.user], kind="search_found", event=event, params=params, path=path_of(search))
    search.looked_at, search.next_at = now, next_look(search.cadence, now, search.user.time_zone)
    search.save(update_fields=["looked_at", "next_at"])
    return len(told)


def _new_of(search: SavedSearch) -> list[str]:
    """The references of what the search finds now and the owner was not told of; nothing older than the search."""
    listing = LISTINGS[search.subject]
    form = form_of(search.subject, f"{search.query}&sort=newest", search.user)
    since = max(search.looked_at - BACK, search.created_at)
    records = listing.readable(search.user).filter(**{f"{listing.since}__gt": since})
    found = form.apply(records).values_list("public_id", flat=True)[:MOST_AT_ONCE]
    known = set(search.told.filter(reference__in=list(found)).values_list("reference", flat=True))
    return [reference for reference in found if reference not in known]
