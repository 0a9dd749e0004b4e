"""Organisations that an imported record names: nobody speaks for them here yet."""

from django.db import transaction

from portal.accounts.models import Organisation
from portal.audit.actions import record


@transaction.atomic
def import_organisation(*, by: str, kind: str, name: str, country: str = "", website: str = "") -> Organisation:
    """An organisation without members. It stays unverified: to be verified, somebody has to speak for it first.

    Nobody is told of it: there is nobody to tell, and moderators have nothing to do for it.
    """
    organisation = Organisation(kind=kind, name=name, country=country, website=website)
    organisation.save(force_insert=True)
    record(
        by=by,
        action="organisation.import",
        subject=organisation,
        after={"kind": kind, "name": name, "country": country},
    )
    return organisation


@transaction.atomic
def complete_organisation(*, by: str, organisation: Organisation, country: str = "", website: str = "") -> Organisation:
    """Fill in what an imported organisation lacked; what is known already stays, and so does what has members."""
    given = {"country": country, "website": website}
    after = {name: value for name, value in given.items() if value and not getattr(organisation, name)}
    if after and not organisation.members.exists():
        for name, value in after.items():
            setattr(organisation, name, value)
        organisation.save(update_fields=[*after, "updated_at"])
        record(by=by, action="organisation.import_complete", subject=organisation, after=after)
    return organisation
