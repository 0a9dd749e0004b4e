"""Every write to a provider and its public profile."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from catalog.models import Provider
from catalog.rules import can_edit_provider
from portal.accounts.actions import register_organisation
from portal.accounts.enums import OrganisationKind
from portal.accounts.models import User
from portal.audit.actions import record
from portal.common.errors import NotAllowed
from portal.common.languages import CODES
from portal.common.translated import aged_marks, column, original

PROFILE = ("kind", "description", "original_language", "regions", "languages")


@transaction.atomic
def register_provider(
    *,
    by: User,
    name: str,
    country: str,
    kind: str,
    website: str = "",
    registry_number: str = "",
    description: str = "",
    language: str = "en",
    regions: Iterable[str] = (),
    languages: Iterable[str] = (),
) -> Provider:
    organisation = register_organisation(
        by=by,
        kind=OrganisationKind.PROVIDER,
        name=name,
        country=country,
        website=website,
        registry_number=registry_number,
    )
    provider = Provider(
        organisation=organisation,
        kind=kind,
        original_language=language,
        regions=list(regions),
        languages=list(languages),
    )
    setattr(provider, column("description", language), description)
    provider.save(force_insert=True)
    record(by=by, action="provider.register", subject=provider, after={"kind": kind})
    return provider


@transaction.atomic
def edit_provider(*, by: User, provider: Provider, changes: Mapping[str, Any]) -> Provider:
    """Set fields of the public profile. A new ``original_language`` takes texts in other languages away.

    Where the description changes, what others translated of it is marked as older than it.
    """
    if not can_edit_provider(by, provider) or not set(changes) <= set(PROFILE):
        raise NotAllowed
    row = Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)
    fields = dict(changes)
    if "description" in fields:
        language = fields.get("original_language", row.original_language)
        text, marks = fields.pop("description"), row.translations
        if language != row.original_language:
            fields |= {column("description", code): None for code in CODES}
            marks = {}
        elif text != original(row, "description"):
            marks = {"description": aged_marks(row, "description")}
        fields |= {column("description", language): text, "translations": marks}
    before = {name: getattr(row, name) for name, value in fields.items() if getattr(row, name) != value}
    if before:
        after = {name: fields[name] for name in before}
        for name, value in after.items():
            setattr(row, name, value)
        row.save(update_fields=[*after, "updated_at"])
        record(by=by, action="provider.edit", subject=row, before=before, after=after)
    return row
