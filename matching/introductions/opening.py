"""Reading a pack is what the log calls opening it, on the page and through the API alike."""

from cities.models import Demand
from matching.introductions.enums import Shown
from matching.introductions.models import Pack
from matching.introductions.pack_actions import facts_digest, give_pack, note_opened
from matching.introductions.rules import can_ask
from portal.accounts.models import User


def note_pack_opened(*, by: User, demand: Demand) -> None:
    """Of an invited provider; whoever else reads is not noted. What the city changed since goes to all first."""
    if not can_ask(by, demand):
        return
    pack = Pack.objects.filter(demand=demand).first()
    if pack is None or pack.facts_version != demand.version:
        give_pack(demand=demand)
    subject, digest = f"facts:{demand.version}", facts_digest(demand)
    note_opened(by=by, demand=demand, what=Shown.FACTS, subject=subject, digest=digest)
