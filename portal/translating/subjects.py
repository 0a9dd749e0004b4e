"""Which records are translated here: their texts, who may, and what follows from a change."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from catalog.models import Provider, Solution
from catalog.rules import can_translate_provider, can_translate_solution
from catalog.writing_actions import TRANSLATED as SOLUTION_TEXTS
from catalog.writing_actions import refresh_search as refresh_solution
from cities.actions import TRANSLATED as DEMAND_TEXTS
from cities.actions import refresh_search as refresh_demand
from cities.models import Demand
from cities.rules import can_translate_demand
from portal.common.translated import Piece


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of record. ``names``: what a machine leaves as it is; ``twins``: rows that say the same and follow.

    ``visible`` are the records that a reader may know of, and ``key`` is the lookup that finds one of them; ``owner``
    gives the organisation whose members may open them. ``title`` is the text that names a record.
    """

    model: type[Model]
    may: Callable[[Any, Any], bool]
    pieces: Callable[[Any], list[Piece]]
    visible: Callable[[Any], QuerySet]
    key: str = "public_id"
    owner: Callable[[Any], int | None] = lambda record: None
    title: str = "title"
    names: Callable[[Any], Iterable[str]] = lambda record: ()
    after: Callable[[Any], None] = lambda record: None
    twins: Callable[[Any], Iterable[Any]] = lambda record: ()


SUBJECTS: dict[str, Subject] = {}


def register(kind: str, subject: Subject) -> None:
    SUBJECTS[kind] = subject


def kind_of(record: Any) -> str:
    return str(record._meta.model_name)


def subject_of(record: Any) -> Subject:
    return SUBJECTS[kind_of(record)]


def written(pieces: Iterable[Piece]) -> list[Piece]:
    """Those that have an original to translate."""
    return [piece for piece in pieces if piece.original]


def pieces_of_demand(demand: Demand) -> list[Piece]:
    return written(Piece(name, demand, name) for name in DEMAND_TEXTS)


def pieces_of_solution(solution: Solution) -> list[Piece]:
    """Its texts and its claims, whose marks the solution keeps."""
    claims = [
        Piece(f"claim-{claim.dimension}", claim, "statement", claim.get_dimension_display(), solution, claim.marks_slot)
        for claim in solution.claims.all()
    ]
    return written([*(Piece(name, solution, name) for name in SOLUTION_TEXTS), *claims])


def pieces_of_provider(provider: Provider) -> list[Piece]:
    return written([Piece("description", provider, "description")])


def names_of_demand(demand: Demand) -> list[str]:
    return [demand.organisation.name] if demand.organisation else [demand.body_name]


register(
    "demand",
    Subject(
        Demand, can_translate_demand, pieces_of_demand, names=names_of_demand, after=refresh_demand,
        visible=lambda user: Demand.objects.visible_to(user).for_detail(),
        owner=lambda demand: demand.organisation_id,
    ),
)  # fmt: skip
register(
    "solution",
    Subject(
        Solution, can_translate_solution, pieces_of_solution, after=refresh_solution, title="name",
        visible=lambda user: Solution.objects.visible_to(user).for_detail(),
        owner=lambda solution: solution.provider.organisation_id,
        names=lambda solution: [solution.provider.organisation.name],
        # What ICLEI translates while a new version is being written must not be lost when that is approved.
        twins=lambda solution: Solution.objects.select_for_update(no_key=True).filter(revises=solution),
    ),
)  # fmt: skip
register(
    "provider",
    Subject(
        Provider, can_translate_provider, pieces_of_provider, title="",
        visible=lambda user: Provider.objects.visible_to(user).select_related("organisation"),
        key="organisation__public_id",
        owner=lambda provider: provider.organisation_id,
        names=lambda provider: [provider.organisation.name],
    ),
)  # fmt: skip
