"""Load sample data into an empty portal, and take it out again as if it had never been there."""

from collections import Counter
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Func, Value
from django.utils.translation import gettext as _

from catalog.models import Solution
from cities.models import Demand
from matching.tasks import rank_everything
from portal.accounts.enums import StaffRoleKind
from portal.accounts.models import Organisation, StaffRole, User
from portal.accounts.rules import is_administrator
from portal.audit.actions import record
from portal.common.errors import Conflict, DomainError, NotAllowed
from portal.guidance.marking_actions import mark
from portal.guidance.models import SampleTable
from portal.guidance.removal import Plan, file_names, plan_removal
from portal.guidance.tables import with_number
from portal.jobs.actions import enqueue
from portal.notices.models import Notice
from portal.searches.tasks import RECOUNT

LOAD = "guidance.load_sample"
# A reference as it stands in an address: portal.common.models.public_id.
REFERENCE = r"/([A-Z][0-9A-HJKMNP-TV-Z]{8})(?:/|$)"


def is_empty() -> bool:
    """Whether nobody has brought anything yet; sample data come into nothing else."""
    return not (Organisation.objects.exists() or Demand.objects.exists() or Solution.objects.exists())


@transaction.atomic
def order_sample(*, by: User) -> None:
    """Owe the loading, which takes about a minute."""
    if not is_administrator(by):
        raise NotAllowed
    if not is_empty():
        raise Conflict(_("There are records already. Sample data come into an empty portal only."))
    record(by=by, action="sample.order", subject=by)
    enqueue(kind=LOAD, subject="portal")


@transaction.atomic
def remove_sample(*, by: Any, with_played: bool = False) -> Plan:
    """Take out what the demo made; returns what went and what stayed. All or nothing.

    Raises DomainError where nobody would be left to administer the portal.
    """
    if isinstance(by, User) and not is_administrator(by):
        raise NotAllowed
    plan = plan_removal(with_played=with_played)
    if isinstance(by, User) and not has_own_administrator(plan):
        raise DomainError(_("First make an administrator of your own: nobody else could sign in here any more."))
    files = file_names(plan)
    _delete(plan)
    _close_accounts(plan)
    _drop_dead_notices(plan)
    record(by=by, action="sample.remove", subject=f"sample:{len(plan.going)}", after=_told(plan))
    _unmark(plan)
    _check_keys()
    rank_everything()
    enqueue(kind=RECOUNT, subject="words")
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in files])
    return plan


def has_own_administrator(plan: Plan) -> bool:
    """Whether anybody is left to administer the portal when sample accounts are gone."""
    own = StaffRole.objects.filter(role=StaffRoleKind.ADMINISTRATOR, user__is_active=True)
    return own.exclude(user__in=_sample_people(plan)).exists()


def _sample_people(plan: Plan) -> list[int]:
    marked = SampleTable.objects.filter(label=User._meta.label).first()
    return [*plan.keys(User), *(marked.keys if marked else [])]


def _delete(plan: Plan) -> None:
    """Keys are checked at the end, so order is free. What came since is marked first: the log lets only samples go."""
    for table in {row.table for row in plan.going}:
        keys = plan.keys(table)
        if with_number(table):
            mark(table, keys)
        found = table._base_manager.filter(pk__in=keys)
        found._raw_delete(found.db)


def _unmark(plan: Plan) -> None:
    """What stays is sample data still, and can go once nothing of anybody's needs it."""
    for marked in SampleTable.objects.all():
        left = {row.key for row in plan.kept if row.table._meta.label == marked.label}
        marked.keys = [key for key in marked.keys if key in left]
        if marked.keys:
            marked.save(update_fields=["keys"])
        else:
            marked.delete()


def _close_accounts(plan: Plan) -> None:
    """Everybody knows the password of a sample account: one that stays for what hangs on it opens nothing."""
    known = set(_sample_people(plan))
    kept = User.objects.filter(pk__in=[row.key for row in plan.kept if row.table is User and row.key in known])
    for user in kept:
        user.set_unusable_password()
        user.is_active = False
        user.save(update_fields=["password", "is_active"])
    StaffRole.objects.filter(user__in=kept).delete()


def _drop_dead_notices(plan: Plan) -> None:
    """What tells somebody of a record that is gone leads nowhere."""
    named = Func(F("path"), Value(REFERENCE), function="substring")
    Notice.objects.annotate(named=named).filter(named__in=plan.references).delete()


def _told(plan: Plan) -> dict[str, dict[str, int]]:
    return {
        name: dict(sorted(Counter(row.table._meta.label for row in rows).items()))
        for name, rows in (("gone", plan.going), ("kept", plan.kept), ("added", plan.added))
    }


def _check_keys() -> None:
    """What still points at a row that is gone shows here, while nothing is committed."""
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise DomainError(_("Something still needs a sample record. Nothing was removed.")) from error
