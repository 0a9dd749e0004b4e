"""Reading a pack is what the log calls opening it, on the page and through the API alike."""

from cities.models import Demand
from matching.introductions.enums import Act, Shown
from matching.introductions.models import Pack, Showing
from matching.introductions.pack_actions import give_pack, items_of, note_opened
from matching.introductions.rules import can_ask
from portal.accounts.models import User


def note_pack_opened(*, by: User, demand: Demand) -> None:
    """Of an invited provider; whoever else reads is not noted. What the city changed since goes to all first."""
    if not can_ask(by, demand):
        return
    pack = Pack.objects.filter(demand=demand).first()
    if pack is None or pack.facts_version != demand.version:
        give_pack(demand=demand)
    opened = Showing.objects.filter(demand=demand, act=Act.OPENED, organisation__in=by.organisation_ids)
    known = set(opened.values_list("subject", flat=True))
    for what, subject, digest in items_of(demand):
        # A document is opened by downloading it.
        if what != Shown.DOCUMENT and subject not in known:
            note_opened(by=by, demand=demand, what=what, subject=subject, digest=digest)
