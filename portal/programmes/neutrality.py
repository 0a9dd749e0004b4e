"""Who pays for or carries a programme and may gain from it as well. Such a double part is not forbidden; it is seen,
looked at by the neutrality officer, and answered in words before anything is opened, judged or decided."""

import unicodedata
from dataclasses import dataclass

from django.db.models import Q

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.programmes.enums import ApplicationState, PartnerRole
from portal.programmes.models import Application, Partner, Programme

WATCHED = (PartnerRole.PARTNER, PartnerRole.FUNDER)


@dataclass(frozen=True, slots=True)
class Flag:
    """One partner or funder that is a provider, or has applied. ``is_cleared``: the officer's note covers it."""

    partner: Partner
    organisation: Organisation
    has_applied: bool
    is_cleared: bool


def flags_of(programme: Programme) -> list[Flag]:
    """Organisations are found by the record chosen or, for partners known by name only, by the same name."""
    partners = [row for row in programme.partners.select_related("organisation") if row.role in WATCHED]
    applied = _applicants(programme)
    named = _named({_plain(row.name) for row in partners if row.organisation is None}, applied)
    found = []
    for partner in partners:
        organisation = partner.organisation or named.get(_plain(partner.name))
        if organisation and (organisation.kind == OrganisationKind.PROVIDER or organisation.pk in applied):
            cleared = organisation.pk in programme.neutrality_covers
            found.append(Flag(partner, organisation, organisation.pk in applied, cleared))
    return found


def open_flags(programme: Programme) -> list[Flag]:
    return [flag for flag in flags_of(programme) if not flag.is_cleared]


def _applicants(programme: Programme) -> set[int]:
    handed_in = Application.objects.filter(call__programme=programme).exclude(state=ApplicationState.DRAFT)
    return set(handed_in.values_list("organisation_id", flat=True))


def _named(names: set[str], applied: set[int]) -> dict[str, Organisation]:
    """Providers, and others that applied, by such a name. Of all of them only names are read."""
    if not names:
        return {}
    rows = Organisation.objects.filter(Q(kind=OrganisationKind.PROVIDER) | Q(pk__in=applied)).order_by("pk")
    found = {pk: plain for pk, name in rows.values_list("pk", "name") if (plain := _plain(name)) in names}
    # Of two of one name the one that applied, which is no provider, counts.
    ordered = sorted(rows.filter(pk__in=found), key=lambda row: row.kind != OrganisationKind.PROVIDER)
    return {found[row.pk]: row for row in ordered}


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
