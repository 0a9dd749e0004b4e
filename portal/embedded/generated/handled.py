"""What people did with generated matches: decisions, introductions with their messages, notices, and the trace."""

from datetime import timedelta
from itertools import chain
from typing import Any

from cities.models import Demand
from matching.models import Decision, Introduction, Match, Message
from matching.ranking import versions
from matching.states import INTRODUCED, MATCH
from portal.audit.models import AuditEvent
from portal.embedded.demo.story import GREETING
from portal.embedded.generated.copying import Json, batched, copy_rows, next_pks
from portal.embedded.generated.world import World
from portal.notices.models import Notice

AT_ONCE = 1000
STATES = {
    "suggested": 50, "in_review": 4, "shortlisted": 4, "rejected": 8, "offered": 8, "declined_by_city": 4, "invited": 5,
    "declined_by_provider": 3, "introduced": 3, "dialogue": 5, "pilot": 2, "tender": 1, "contract": 2, "dropped": 1,
}  # fmt: skip
# How a match came where it is; each ends in the state that the last move leads to.
ROADS = {
    "in_review": ["take_up"], "shortlisted": ["shortlist"], "rejected": ["reject"], "offered": ["offer"],
    "declined_by_city": ["offer", "decline_by_city"], "invited": ["offer", "accept_by_city", "invite"],
}  # fmt: skip
YES = ["offer", "accept_by_city", "invite", "accept_by_provider", "introduce"]
ROADS |= {
    "suggested": [], "declined_by_provider": [*YES[:3], "decline_by_provider"], "introduced": YES,
    "dialogue": [*YES, "start_dialogue"], "pilot": [*YES, "start_pilot"], "tender": [*YES, "go_to_tender"],
    "contract": [*YES, "sign_contract"], "dropped": [*YES, "drop"],
}  # fmt: skip


class Handled:
    """``people`` finds who speaks for an organisation."""

    def __init__(self, world: World) -> None:
        self.world, self.made_with = world, versions()
        self.people = {one[0]: one[1] for one in world.bodies} | {one[1]: one[2] for one in world.providers}

    def make(self, pairs: list[dict[str, Any]]) -> int:
        for some in batched(pairs, AT_ONCE):
            rows = [self._match(pk, pair) for pk, pair in zip(next_pks(Match, len(some)), some, strict=True)]
            copy_rows(Match, rows)
            made = list(zip(rows, some, strict=True))
            copy_rows(Decision, chain.from_iterable(self._decisions(row, pair) for row, pair in made))
            self._introduce([one for one in made if one[0]["state"] in INTRODUCED])
            copy_rows(Notice, chain.from_iterable(self._notices(row, pair) for row, pair in made))
            copy_rows(AuditEvent, chain.from_iterable(self._events(row) for row, _pair in made))
        return len(pairs)

    def _match(self, pk: int, pair: dict[str, Any]) -> dict[str, Any]:
        chance, at = self.world.chance, self.world.moment(90)
        state = chance.choices(list(STATES), list(STATES.values()))[0]
        answers = {"respond_by": at.date() + timedelta(days=21)} if state in ("offered", "invited") else {}
        probability = round(chance.uniform(0.35, 0.95), 4)
        return {
            "id": pk,
            "public_id": self.world.public_id("M"),
            "demand_id": pair["demand"],
            "solution_id": pair["solution"][0],
            "demand_version": 1,
            "solution_version": 1,
            "state": state,
            "probability": probability,
            "points": round(100 * probability),
            "band": "strong" if probability > 0.7 else "good",
            "position": chance.randint(1, 20),
            "result": Json(pair["result"]),
            "computed_at": at,
            "state_since": at,
            "created_at": at,
            "updated_at": at,
            **self.made_with,
            **answers,
        }

    def _decisions(self, row: dict[str, Any], pair: dict[str, Any]) -> list[dict[str, Any]]:
        found, state = [], "suggested"
        for place, name in enumerate(ROADS[row["state"]]):
            move = MATCH.moves[name]
            found.append(
                {
                    "match_id": row["id"],
                    "move": name,
                    "from_state": state,
                    "to_state": str(move.target.value),
                    "by_id": self._who(name, pair),
                    "at": row["state_since"] - timedelta(days=3 * (len(YES) - place)),
                    "reason": str(move.reasons[0]) if move.reasons and move.reasons[0] else "",
                    "points_shown": row["points"],
                }
            )
            state = found[-1]["to_state"]
        return found

    def _who(self, move: str, pair: dict[str, Any]) -> int:
        if move.endswith("_by_city"):
            return self.people[pair["of"]]
        if move.endswith("_by_provider"):
            return self.people[pair["solution"][1]]
        return self.world.chance.choice(self.world.moderators)

    def _introduce(self, made: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
        pks = next_pks(Introduction, len(made))
        rows = [self._introduction(pk, *one) for pk, one in zip(pks, made, strict=True)]
        copy_rows(Introduction, rows)
        copy_rows(Message, chain.from_iterable(map(self._messages, rows, [pair for _row, pair in made])))
        Demand.objects.filter(pk__in=[row["demand_id"] for row, _ in made]).update(state="in_dialogue")

    def _introduction(self, pk: int, row: dict[str, Any], pair: dict[str, Any]) -> dict[str, Any]:
        at = row["state_since"]
        return {
            "id": pk,
            "match_id": row["id"],
            "city_consent_by_id": self.people[pair["of"]],
            "city_consent_at": at,
            "provider_consent_by_id": self.people[pair["solution"][1]],
            "provider_consent_at": at,
            "introduced_by_id": self.world.chance.choice(self.world.moderators),
            "introduced_at": at,
            "created_at": at,
            "updated_at": at,
        }

    def _messages(self, row: dict[str, Any], pair: dict[str, Any]) -> list[dict[str, Any]]:
        language = self.world.chance.choice(list(GREETING))
        sides = (pair["of"], pair["solution"][1])
        return [
            {
                "introduction_id": row["id"],
                "author_id": self.people[sides[number % 2]],
                "organisation_id": sides[number % 2],
                "language": language,
                "body": GREETING[language][number % 2],
                "at": row["introduced_at"] + timedelta(hours=number),
            }
            for number in range(self.world.chance.randint(0, 8))
        ]

    def _notices(self, row: dict[str, Any], pair: dict[str, Any]) -> list[dict[str, Any]]:
        sides = [pair["of"], *([pair["solution"][1]] if row["state"] in INTRODUCED else [])]
        at = row["state_since"]
        return [
            {
                "recipient_id": self.people[side],
                "kind": "demand_published",
                "event": f"generated:{row['id']}:{side}",
                "params": {"demand": pair["title"]},
                "path": "/my/",
                "created_at": at,
                "mailed_at": at,
                "read_at": self.world.maybe(0.7, at),
            }
            for side in sides
        ]

    def _events(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        by = f"user:{self.world.moderators[0]}"
        return [event(row["state_since"], by, f"match.{name}", f"match:{row['id']}") for name in ROADS[row["state"]]]


def event(at: Any, by: str, action: str, subject: str) -> dict[str, Any]:
    """An event as the trace wants it; it takes its place in the chain when the transaction ends."""
    found = AuditEvent(at=at, actor=by, action=action, subject=subject)
    fields = ("at", "actor", "action", "subject")
    return {**{name: getattr(found, name) for name in fields}, "content_hash": found.content_digest()}
