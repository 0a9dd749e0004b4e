from typing import TYPE_CHECKING

from catalog.states import EDITABLE, REVISABLE, TRANSLATABLE
from portal.accounts.rules import can_approve_for, is_administrator, is_member, is_moderator, is_tied

if TYPE_CHECKING:
    from catalog.models import Provider, Solution
    from portal.accounts.rules import Reader


def organisation_id(solution: "Solution") -> int:
    return solution.provider.organisation_id


def can_edit_solution(user: "Reader", solution: "Solution") -> bool:
    return is_member(user, organisation_id(solution)) and solution.state in EDITABLE


def can_revise_solution(user: "Reader", solution: "Solution") -> bool:
    """Write its next version, which stays unseen until ICLEI has approved it."""
    return is_member(user, organisation_id(solution)) and solution.state in REVISABLE


def can_translate_solution(user: "Reader", solution: "Solution") -> bool:
    """Members in a draft or in the next version, which ICLEI approves as a whole; moderators wherever it is read."""
    return can_edit_solution(user, solution) or (can_review_solution(user, solution) and solution.state in TRANSLATABLE)


def can_discard_revision(user: "Reader", solution: "Solution") -> bool:
    return can_edit_solution(user, solution) and solution.revises_id is not None


def can_submit_solution(user: "Reader", solution: "Solution") -> bool:
    return can_approve_for(user, organisation_id(solution)) and solution.state in {"draft", "changes_requested"}


def can_review_solution(user: "Reader", solution: "Solution") -> bool:
    """Moderators, except those tied to its provider."""
    return is_moderator(user) and not is_tied(user, organisation_id(solution))


def can_archive_solution(user: "Reader", solution: "Solution") -> bool:
    """A revision is discarded, not archived."""
    return can_approve_for(user, organisation_id(solution)) and solution.revises_id is None


def can_renew_solution(user: "Reader", solution: "Solution") -> bool:
    return can_approve_for(user, organisation_id(solution)) and solution.state in {"listed", "expired"}


def can_edit_provider(user: "Reader", provider: "Provider") -> bool:
    """Approvers and administrators speak for their organisation, and its profile is public."""
    return can_approve_for(user, provider.organisation_id)


def can_translate_provider(user: "Reader", provider: "Provider") -> bool:
    """Who may change the profile, and moderators not tied to it: it is public as it stands."""
    moderates = is_moderator(user) and not is_tied(user, provider.organisation_id)
    return moderates or can_edit_provider(user, provider)


def can_edit_vocabulary(user: "Reader") -> bool:
    """Words that every record uses: the back office of administrators."""
    return is_administrator(user)
