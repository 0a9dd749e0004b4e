"""The clean file of a demand: who was ranked how, invited, told, asked, met, and what was decided, by which versions.

It names organisations, never people: who acted stands in the audit trace, whose head the file carries. Its content is
the same for every reader and in every language; SHA-256 over its canonical JSON proves that two copies are one.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from catalog.models import Solution
from cities.models import Demand
from matching.introductions.clean_pool import pool_of
from matching.introductions.enums import QuestionState
from matching.introductions.models import Document, Meeting, Pack, Question, Showing
from matching.models import Decision, Introduction, Match, Ranking
from matching.states import INTRODUCED
from matching.timeline import side_of
from portal.audit.models import AuditEvent
from portal.common.pdf import DIRECTIONS
from portal.common.translated import original

FORMAT = "urbanlink-clean-file/1"
SOMEBODY = "an invited provider"


@dataclass(frozen=True, slots=True)
class CleanFile:
    """``content`` is what is hashed; ``made_at`` and the head of the audit chain say when it was read off."""

    content: dict[str, Any]
    made_at: datetime
    head: dict[str, Any]

    @property
    def digest(self) -> str:
        return hashlib.sha256(canonical(self.content).encode()).hexdigest()

    def as_json(self) -> str:
        """Readable, in any language; what would reorder a name is written as an escape."""
        whole = {"sha256": self.digest, "made_at": _when(self.made_at), "audit_head": self.head, **self.content}
        text = json.dumps(whole, ensure_ascii=False, indent=1)
        return DIRECTIONS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def canonical(content: Any) -> str:
    """One spelling of the content: sorted keys, no blanks, UTF-8."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def clean_file_of(demand: Demand) -> CleanFile:
    decisions = Decision.objects.select_related("organisation").order_by("at", "pk")
    found = Match.objects.filter(demand=demand).with_records().order_by("pk")
    matches = list(found.prefetch_related(Prefetch("decisions", decisions)))
    content = {
        "format": FORMAT,
        "demand": _demand(demand),
        "ranking": _ranking(demand),
        "matches": [_match(match) for match in matches],
        "introductions": _introductions(demand),
        "questions": _questions(demand, matches),
        "documents": _documents(demand),
        "meetings": _meetings(demand),
        "equal_information": _showings(demand),
    }
    if pool := pool_of(demand, _when):
        content["pool"] = pool
    last = AuditEvent.objects.filter(sequence__isnull=False).order_by("-sequence").first()
    head = {"sequence": last.sequence, "hash": last.hash} if last else {"sequence": 0, "hash": ""}
    return CleanFile(content, timezone.now(), head)


def _when(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _demand(demand: Demand) -> dict[str, Any]:
    pack = Pack.objects.filter(demand=demand).first()
    return {
        "id": demand.public_id,
        "title": original(demand, "title"),
        "language": demand.original_language,
        "body": demand.organisation.name if demand.organisation else demand.body_name,
        "version": demand.version,
        "state": demand.state,
        "published_at": _when(demand.published_at),
        "questions_until": _when(pack.questions_until) if pack else None,
    }


def _ranking(demand: Demand) -> dict[str, Any] | None:
    """The engine's list as it stands now, and by which versions it was made."""
    ranking = Ranking.objects.filter(demand=demand).first()
    if ranking is None:
        return None
    solutions = Solution.objects.filter(pk__in=ranking.solutions).select_related("provider__organisation")
    known = {solution.pk: solution for solution in solutions}
    return {
        "demand_version": ranking.demand_version,
        "engine": ranking.engine_version,
        "configuration": ranking.config_version,
        "encoder": ranking.backend,
        "order": ranking.order_version,
        "computed_at": _when(ranking.computed_at),
        "candidates": ranking.candidates,
        "eligible": ranking.eligible,
        "places": [
            {
                "place": place,
                "solution": known[pk].public_id,
                "name": original(known[pk], "name"),
                "provider": known[pk].provider.organisation.name,
                "probability": round(probability, 6),
            }
            for place, (pk, probability) in enumerate(zip(ranking.solutions, ranking.probabilities, strict=False), 1)
            if pk in known
        ],
    }


def _match(match: Match) -> dict[str, Any]:
    """Notes are left out: some are for colleagues only. What counts is the reason by its code."""
    return {
        "id": match.public_id,
        "solution": match.solution.public_id,
        "name": original(match.solution, "name"),
        "provider": match.solution.provider.organisation.name,
        "origin": match.origin,
        "state": match.state,
        "points": match.points,
        "band": match.band,
        "place": match.position,
        "versions": {
            "demand": match.demand_version,
            "solution": match.solution_version,
            "engine": match.engine_version,
            "configuration": match.config_version,
            "encoder": match.backend,
        },
        "decisions": [
            {
                "move": one.move,
                "at": _when(one.at),
                "by": side_of(match, one),
                "reason": one.reason,
                "points_shown": one.points_shown,
                "place_shown": one.position_shown,
            }
            for one in match.decisions.all()
        ],
    }


def _introductions(demand: Demand) -> list[dict[str, Any]]:
    found = Introduction.objects.filter(match__demand=demand).with_records().select_related("tender")
    return [
        {
            "match": one.match.public_id,
            "provider": one.match.solution.provider.organisation.name,
            "city_consent_at": _when(one.city_consent_at),
            "provider_consent_at": _when(one.provider_consent_at),
            "introduced_at": _when(one.introduced_at),
            "outcome": one.outcome,
            "reason": one.outcome_reason,
            "value": _amount(one.outcome_value),
            "currency": one.outcome_currency,
            "tender": one.tender_url,
            "ocid": one.tender.ocid if hasattr(one, "tender") else "",
            "messages": one.messages.count(),
        }
        for one in found.order_by("introduced_at", "pk")
    ]


def _questions(demand: Demand, matches: list[Match]) -> list[dict[str, Any]]:
    """Who asked is named once that provider is introduced or the demand is over; before, it could sway the city."""
    open_to_name = {match.pk for match in matches if match.state in INTRODUCED or not demand.is_live}
    return [
        {
            "id": one.public_id,
            "by": one.organisation.name if one.match_id in open_to_name else SOMEBODY,
            "asked_at": _when(one.asked_at),
            "state": one.state,
            "reason": one.reason,
            "text": one.text,
            "language": one.language,
            "answer": one.answer if one.state == QuestionState.RELEASED else "",
            "answer_language": one.answer_language,
            "released_at": _when(one.released_at),
        }
        for one in Question.objects.filter(demand=demand).select_related("organisation")
    ]


def _documents(demand: Demand) -> list[dict[str, Any]]:
    found = Document.objects.filter(demand=demand) | Document.objects.filter(introduction__match__demand=demand)
    return [
        {
            "id": one.public_id,
            "name": one.name,
            "sha256": one.sha256,
            "size": one.size,
            "added_at": _when(one.created_at),
            "removed_at": _when(one.removed_at),
            "held_for": one.held_for,
            "released_at": _when(one.released_at),
            "by": one.organisation.name if one.organisation else "ICLEI",
            "introduction": one.introduction.match.public_id if one.introduction else None,
        }
        for one in found.select_related("organisation", "introduction__match").order_by("created_at", "pk")
    ]


def _meetings(demand: Demand) -> list[dict[str, Any]]:
    found = Meeting.objects.filter(introduction__match__demand=demand).with_records().order_by("created_at", "pk")
    return [
        {
            "id": one.public_id,
            "provider": one.introduction.match.solution.provider.organisation.name,
            "state": one.state,
            "subject": one.subject,
            "starts_at": _when(one.starts_at),
            "minutes": one.minutes,
            "proposed_by": one.organisation.name if one.organisation else "ICLEI",
        }
        for one in found
    ]


def _showings(demand: Demand) -> list[dict[str, Any]]:
    return [
        {
            "provider": one.organisation.name,
            "act": one.act,
            "what": one.what,
            "subject": one.subject,
            "sha256": one.digest,
            "at": _when(one.at),
        }
        for one in Showing.objects.filter(demand=demand).select_related("organisation")
    ]
