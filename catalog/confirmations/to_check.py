"""Which solutions hold evidence that a moderator has not looked at, and what of it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import get_language

from catalog.confirmations.enums import CityAnswer
from catalog.confirmations.models import CityConfirmation, EvidenceCheck
from catalog.criteria import value_in_words
from catalog.models import Capability, Claim, Reference, Solution
from catalog.querysets import SolutionQuerySet
from portal.common.templatetags.formats import number
from portal.common.translated import original

KINDS: dict[str, Any] = {"claim": Claim, "capability": Capability, "reference": Reference}


def solutions_to_check() -> SolutionQuerySet:
    """Listed ones with a document that nobody has judged, or a confirmation from an address that nobody knows.

    Imported ones are left out: nobody here can be asked for a better document.
    """
    waiting = CityConfirmation.objects.to_check().values_list("reference__solution")
    # A union from the few that have documents; as conditions of each solution all of them would be looked through.
    waiting = waiting.union(*(_unchecked(name, model).values_list("solution") for name, model in KINDS.items()))
    found: SolutionQuerySet = Solution.objects.listed().filter(pk__in=waiting, source="", revises=None)
    return found


def _unchecked(name: str, model: Any) -> Any:
    judged = EvidenceCheck.objects.filter(is_current=True, **{name: OuterRef("pk")})
    return model.objects.exclude(evidence_url="").filter(~Exists(judged))


@dataclass(frozen=True, slots=True)
class Item:
    """One statement with a document. ``code`` names it in addresses and forms; ``check`` is the verdict in force."""

    code: str
    record: Any
    check: EvidenceCheck | None

    @property
    def label(self) -> str:
        """What it is about, in the reader's language."""
        if isinstance(self.record, Claim):
            return str(self.record.get_dimension_display())
        return str(self.record.criterion if isinstance(self.record, Capability) else self.record.city_name)

    @property
    def claimed(self) -> str:
        """What the document has to show, as the provider put it."""
        row = self.record
        if isinstance(row, Claim):
            figure = " ".join(str(part) for part in (row.indicator, number(row.value, 3), row.unit) if part)
            return " · ".join(part for part in (original(row, "statement"), figure, row.method) if part)
        if isinstance(row, Capability):
            language = get_language() or "en"
            return value_in_words(row.criterion, flag=row.flag, number=row.number, language=language)
        return str(row.results)


def items_of(solution: Solution) -> list[Item]:
    """Everything of a solution that has a document, the unjudged first."""
    judged = {
        (name, getattr(check, f"{name}_id")): check
        for check in EvidenceCheck.objects.filter(solution=solution, is_current=True).select_related("by")
        for name in KINDS
    }
    found = [
        Item(f"{name}-{row.pk}", row, judged.get((name, row.pk)))
        for name, model in KINDS.items()
        for row in model.objects.filter(solution=solution).exclude(evidence_url="").order_by("pk")
    ]
    return sorted(found, key=lambda item: item.check is not None)


def confirmations_of(solution: Solution) -> list[CityConfirmation]:
    """Answers of cities that ICLEI ought to read: from unknown addresses, corrections and refusals; newest first."""
    read = CityConfirmation.objects.to_check() | CityConfirmation.objects.filter(
        answer__in=[CityAnswer.CORRECT, CityAnswer.REFUSE]
    )
    return list(read.filter(reference__solution=solution).select_related("reference").order_by("-answered_at"))
