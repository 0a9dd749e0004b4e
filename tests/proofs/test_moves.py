"""Every move of every lifecycle, done through its action: one event in the trace, and the right people told, once."""

from typing import Any

import pytest
from django.db import transaction

from portal.accounts.models import User
from portal.common.errors import DomainError
from tests.conftest import World
from tests.proofs import of_advice, of_matches, of_programmes, of_records
from tests.proofs.doings import Doing, do
from tests.states.lifecycles import KINDS

DOINGS: list[Doing] = [
    *of_records.ORGANISATIONS, *of_records.DEMANDS, *of_records.SOLUTIONS, *of_records.POOLS,
    *of_matches.MATCHES, *of_matches.POOLED, *of_matches.INTERESTS,
    *of_matches.QUESTIONS, *of_matches.MEETINGS, *of_matches.FOLLOW_UPS,
    *of_advice.CONFIRMATIONS, *of_advice.COMPLAINTS, *of_advice.FLAGS, *of_advice.ADVICE,
    *of_programmes.PROGRAMMES, *of_programmes.APPLICATIONS, *of_programmes.COHORTS, *of_programmes.SEATS,
]  # fmt: skip
GROUPS = sorted({doing.name.partition(".")[0] for doing in DOINGS})


def faults(doing: Doing, world: World, client: Any) -> list[str]:
    """What is not as promised, in words."""
    try:
        done = do(doing, world)
    except DomainError as refused:
        return [f"refused: {refused!r} {refused.message}"]
    found = [f"{len(done.events)} events"] if len(done.events) != 1 else []
    actor = world.users.get(doing.by)
    who = f"user:{actor.pk}" if isinstance(actor, User) else doing.by
    found += [f"by {event.actor}" for event in done.events if event.actor != who]
    kind, _dot, move = doing.name.partition(".")
    table = KINDS[kind].table if kind in KINDS else None
    for event in done.events if table and move in table.moves else []:
        if event.before["state"] not in table.moves[move].sources or event.after["state"] != table.moves[move].target:
            found.append(f"{event.before} → {event.after}")
    found += [f"told for nothing: {one}" for one in sorted(done.told - doing.wanted)]
    found += [f"not told: {one}" for one in sorted(doing.wanted - done.told)]
    if len(done.notices) != len(done.told):
        found.append("told twice")
    if not doing.receipt and any(person == doing.by for _kind, person in done.told):
        found.append("told of their own doing")
    if bool(doing.tells) == bool(doing.quiet):
        found.append("say whom it tells, or why nobody")
    return found + [f"{one}: {status}" for one, status in dead_links(done.notices, client)]


def dead_links(notices: list[Any], client: Any) -> list[tuple[str, int]]:
    """Notices whose page does not open for its reader; one reader of each kind and path is enough."""
    found = {(notice.kind, notice.path): notice for notice in notices}
    dead = []
    for notice in found.values():
        client.force_login(notice.recipient, backend="allauth.account.auth_backends.AuthenticationBackend")
        status = client.get(f"/en{notice.path}", follow=True).status_code
        if status != 200:
            dead.append((f"{notice.kind} leads {notice.recipient.name} to {notice.path}", status))
    return dead


@pytest.mark.django_db
@pytest.mark.parametrize("group", GROUPS)
def test_move_leaves_one_event_and_tells_whom_it_concerns(world: World, client: Any, group: str) -> None:
    found: dict[str, list[str]] = {}
    for doing in DOINGS:
        if doing.name.partition(".")[0] == group:
            with transaction.atomic():
                if wrong := faults(doing, world, client):
                    found[doing.name] = wrong
                transaction.set_rollback(True)
    assert found == {}


def test_every_move_of_every_lifecycle_is_proven() -> None:
    moves = {f"{name}.{move}" for name, kind in KINDS.items() for move in kind.table.moves}
    assert moves - {doing.name for doing in DOINGS} == set()
