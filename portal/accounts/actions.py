"""Every write to people, organisations and roles."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.enums import MemberRole, OrganisationKind, StaffRoleKind
from portal.accounts.models import Membership, Organisation, StaffRole, User
from portal.accounts.rules import (
    can_manage_organisation,
    can_rename_organisation,
    can_verify_organisation,
    is_administrator,
)
from portal.accounts.states import ORGANISATION
from portal.accounts.verification_actions import add_evidence, has_evidence
from portal.audit.actions import record
from portal.audit.transitions import transition
from portal.common.errors import DomainError, NotAllowed
from portal.jobs.actions import enqueue

# Roles that decide on matches: nobody who belongs to a provider may hold one.
DECIDING = frozenset({StaffRoleKind.MODERATOR, StaffRoleKind.NEUTRALITY})
FACTS = ("name", "website", "registry_number", "time_zone")


@transaction.atomic
def register_organisation(
    *, by: User, kind: str, name: str, country: str, website: str = "", registry_number: str = ""
) -> Organisation:
    """A new organisation waits for verification; whoever registers it becomes its administrator."""
    if kind == OrganisationKind.PROVIDER and by.staff_roles & DECIDING:
        raise DomainError(
            _("A moderator cannot register a provider. Use an account of your own for that organisation."),
            code="conflict_of_roles",
        )
    organisation = Organisation(kind=kind, name=name, country=country, website=website, registry_number=registry_number)
    organisation.save(force_insert=True)
    Membership(user=by, organisation=organisation, role=MemberRole.ADMIN).save(force_insert=True)
    record(
        by=by,
        action="organisation.register",
        subject=organisation,
        after={"kind": kind, "name": name, "country": country},
    )
    forget_roles(by)
    enqueue(kind="notices.organisation_registered", subject=f"organisation:{organisation.pk}")
    return organisation


@transaction.atomic
def verify_organisation(
    *, by: User, organisation: Organisation, how: str, detail: str = "", expires_on: date | None = None
) -> Organisation:
    """``detail`` says what was seen; it may be left out for whom ICLEI knows, or where evidence was kept before.

    Raises Incomplete where nothing proves it. From ``expires_on`` on, the proof has to be renewed.
    """
    if not can_verify_organisation(by, organisation):
        raise NotAllowed
    if detail.strip() or not has_evidence(organisation, how):
        add_evidence(by=by, organisation=organisation, method=how, detail=detail, expires_on=expires_on)
    organisation = transition(
        organisation,
        "verify",
        table=ORGANISATION,
        by=by,
        changes={
            "verified_by": by,
            "verified_at": timezone.now(),
            "verified_how": how,
            "refusal_reason": "",
            "refusal_note": "",
        },
    )
    enqueue(kind="notices.organisation_verified", subject=f"organisation:{organisation.pk}")
    return organisation


@transaction.atomic
def refuse_organisation(*, by: User, organisation: Organisation, reason: str, note: str = "") -> Organisation:
    if not can_verify_organisation(by, organisation):
        raise NotAllowed
    organisation = transition(
        organisation,
        "refuse",
        table=ORGANISATION,
        by=by,
        reason=reason,
        note=note,
        changes={"refusal_reason": reason, "refusal_note": note},
    )
    enqueue(kind="notices.organisation_refused", subject=f"organisation:{organisation.pk}")
    return organisation


@transaction.atomic
def ask_verification_again(*, by: User, organisation: Organisation) -> Organisation:
    if not can_manage_organisation(by, organisation):
        raise NotAllowed
    organisation = transition(organisation, "ask_again", table=ORGANISATION, by=by)
    enqueue(
        kind="notices.organisation_registered",
        subject=f"organisation:{organisation.pk}",
        dedupe=f"again/{organisation.pk}/{timezone.now():%Y%m%d%H%M}",
    )
    return organisation


@transaction.atomic
def edit_organisation(*, by: User, organisation: Organisation, changes: dict[str, Any]) -> Organisation:
    """Set name, website, registry number or time zone. The name is what ICLEI verified: from then on it stands."""
    if not can_manage_organisation(by, organisation) or not set(changes) <= set(FACTS):
        raise NotAllowed
    row = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    before = {name: getattr(row, name) for name, value in changes.items() if getattr(row, name) != value}
    if "name" in before and not can_rename_organisation(by, row):
        raise DomainError(
            _("The name of a verified organisation stands. Write to us if it has changed."), code="verified"
        )
    if before:
        after = {name: changes[name] for name in before}
        for name, value in after.items():
            setattr(row, name, value)
        row.save(update_fields=[*after, "updated_at"])
        record(by=by, action="organisation.edit", subject=row, before=before, after=after)
    return row


@transaction.atomic
def add_member(*, by: Any, organisation: Organisation, user: User, role: str) -> Membership:
    """Raises DomainError where the person decides on matches at ICLEI and the organisation is a provider."""
    if isinstance(by, User) and not (can_manage_organisation(by, organisation) or is_administrator(by)):
        raise NotAllowed
    if organisation.kind == OrganisationKind.PROVIDER and user.staff_roles & DECIDING:
        raise DomainError(
            _("This person decides on matches at ICLEI and cannot belong to a provider."), code="conflict_of_roles"
        )
    membership, created = Membership.objects.get_or_create(
        user=user, organisation=organisation, defaults={"role": role}
    )
    if created:
        record(by=by, action="membership.add", subject=organisation, after={"user": user.pk, "role": role})
    forget_roles(user)
    return membership


@transaction.atomic
def grant_staff_role(*, by: Any, user: User, role: str) -> StaffRole:
    if isinstance(by, User) and not is_administrator(by):
        raise NotAllowed
    if role in DECIDING and user.memberships_of_kind(OrganisationKind.PROVIDER):
        raise DomainError(
            _("This person belongs to a provider and cannot decide on matches."), code="conflict_of_roles"
        )
    granted, created = StaffRole.objects.get_or_create(user=user, role=role)
    if created:
        record(by=by, action="staff_role.grant", subject=user, after={"role": role})
    forget_roles(user)
    return granted


@transaction.atomic
def edit_account(*, by: User, changes: dict[str, Any]) -> User:
    """Set one's own name, language or time zone."""
    if not set(changes) <= {"name", "language", "time_zone"}:
        raise NotAllowed
    for name, value in changes.items():
        setattr(by, name, value)
    by.save(update_fields=list(changes))
    record(by=by, action="user.edit", subject=by, after={"fields": sorted(changes)})
    return by


@transaction.atomic
def set_language(*, by: User, language: str) -> None:
    """The language of one's mails and of the pages one comes to without an address that names another."""
    if by.language != language:
        edit_account(by=by, changes={"language": language})


def forget_roles(user: User) -> None:
    """Roles are cached on the instance for a request; drop them when they change."""
    for name in ("staff_roles", "active_memberships", "tied_organisation_ids", "recused_items"):
        user.__dict__.pop(name, None)
