"""Who may ask a reference city, answer for it, and judge evidence; and which addresses are a public body's."""

from typing import TYPE_CHECKING

from catalog.rules import can_review_solution
from catalog.states import EDITABLE, REVISABLE
from portal.accounts.rules import can_approve_for

if TYPE_CHECKING:
    from catalog.models import Reference, Solution
    from portal.accounts.rules import Reader

# The second label from the end where a country keeps a zone for public bodies: seoul.go.kr, curitiba.pr.gov.br.
PUBLIC_ZONES = frozenset({"gob", "gouv", "gov", "govt", "gub", "gv", "go", "lg", "gc", "admin"})


def can_ask_city(user: "Reader", reference: "Reference") -> bool:
    """Whoever speaks for the provider: a mail goes out in our name. A revision's copies are asked about later."""
    solution = reference.solution
    is_open = solution.state in EDITABLE | REVISABLE and solution.revises_id is None
    return is_open and can_approve_for(user, solution.provider.organisation_id)


def can_check_evidence(user: "Reader", solution: "Solution") -> bool:
    """Whoever may review the solution and has not stepped back from its evidence."""
    may = can_review_solution(user, solution)
    return may and ("evidence", solution.public_id) not in user.recused_items


def is_public_zone(host: str) -> bool:
    """Whether only public bodies get a name here. Many cities have another: for those a moderator's word is needed."""
    labels = host.lower().rstrip(".").split(".")
    return labels[-1] == "gov" or (len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in PUBLIC_ZONES)
