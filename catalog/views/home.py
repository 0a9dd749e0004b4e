"""The provider's part of its home page; portal puts it together with what the other apps have for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from catalog.completeness import Completeness, assess
from catalog.enums import SolutionState
from catalog.models import Solution
from catalog.rules import can_edit_solution, can_revise_solution
from portal.accounts.enums import OrganisationKind, OrganisationState
from portal.accounts.models import Organisation, User
from portal.common.cards import Need
from portal.common.languages import format_day
from portal.common.pagination import KeysFirst, place_in
from portal.common.translated import shown
from portal.common.views import PER_PAGE

# What waits for the provider stands first, what is over last.
STATE_ORDER = [
    SolutionState.CHANGES_REQUESTED, SolutionState.EXPIRED, SolutionState.SUSPENDED, SolutionState.DRAFT,
    SolutionState.SUBMITTED, SolutionState.LISTED, SolutionState.ARCHIVED,
]  # fmt: skip
SOON = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class HomeSolution:
    """One row: the solution, how complete it is, what a moderator wrote last, whether its date comes near."""

    solution: Solution
    completeness: Completeness
    can_edit: bool
    comment: str
    expires_soon: bool

    @property
    def is_over(self) -> bool:
        return self.solution.state == SolutionState.ARCHIVED

    @property
    def fix_url(self) -> str:
        """Where the next best fix is made; empty where there is none or the provider has to wait."""
        fix = self.completeness.next_fix
        if fix is None or not self.can_edit:
            return ""
        return reverse("catalog:solution-section", args=[self.solution.public_id, fix])


def home_context(user: User, page: str | None = None) -> dict[str, Any]:
    """For catalog/_home_solutions.html: ``provider_organisations``, ``provider_solutions`` (a page) and needs."""
    organisations = [item.organisation for item in user.memberships_of_kind(OrganisationKind.PROVIDER)]
    own = Solution.objects.of_organisations([item.pk for item in organisations])
    today = timezone.localdate()
    found = own.for_list().prefetch_related("capabilities", "reviews")
    found = found.order_by(place_in(STATE_ORDER), _ends_late(today), "-updated_at", "-pk")
    shown_page = KeysFirst(found, PER_PAGE).get_page(page)
    rows = [_row(user, solution, today) for solution in shown_page]
    # What waits for the provider stands first, so it is on the first page.
    first = rows if shown_page.number == 1 else [_row(user, solution, today) for solution in found[:PER_PAGE]]
    return {
        "provider_organisations": organisations,
        "provider_page": shown_page,
        "provider_solutions": rows,
        "solution_needs": [*_of_organisations(organisations), *_of_solutions(first)],
    }


def _ends_late(today: date) -> Case:
    """Among those of one state, first what has to be confirmed soon."""
    return Case(When(expires_on__lte=today + SOON, then=Value(0)), default=Value(1), output_field=IntegerField())


def _row(user: User, solution: Solution, today: date) -> HomeSolution:
    review = next(iter(solution.reviews.all()), None)
    is_asked = solution.state == SolutionState.CHANGES_REQUESTED and review is not None
    ends = solution.expires_on if solution.is_live else None
    return HomeSolution(
        solution,
        assess(solution),
        can_edit_solution(user, solution) or can_revise_solution(user, solution),
        comment=review.comment if is_asked and review else "",
        expires_soon=ends is not None and ends <= today + SOON,
    )


def _of_organisations(organisations: Iterable[Organisation]) -> list[Need]:
    text = gettext("ICLEI could not verify %(name)s")
    refused = [item for item in organisations if item.state == OrganisationState.REFUSED]
    return [Need(text % {"name": item.name}, item.get_absolute_url(), "danger") for item in refused]


def _of_solutions(rows: Iterable[HomeSolution]) -> list[Need]:
    needs = []
    for row in rows:
        solution = row.solution
        named = {"name": shown(solution, "name").text}
        edit = reverse("catalog:solution-edit", args=[solution.public_id])
        if solution.state == SolutionState.CHANGES_REQUESTED:
            needs.append(Need(gettext("ICLEI asks for changes: %(name)s") % named, edit, "warning", row.comment))
        elif solution.state == SolutionState.EXPIRED:
            url = reverse("confirmations:solution-renew", args=[solution.public_id])
            needs.append(Need(gettext("Expired. Say whether it still holds: %(name)s") % named, url, "warning"))
        elif row.expires_soon:
            url = reverse("confirmations:solution-renew", args=[solution.public_id])
            needs.append(Need(gettext("Check whether it still holds: %(name)s") % named, url, "info", _until(solution)))
        elif solution.state == SolutionState.DRAFT:
            needs.append(Need(gettext("Finish your draft: %(title)s") % {"title": named["name"]}, edit, "info"))
    return needs


def _until(solution: Solution) -> str:
    day = format_day(solution.expires_on, get_language() or "en") if solution.expires_on else ""
    return gettext("Information valid until %(day)s") % {"day": day}
