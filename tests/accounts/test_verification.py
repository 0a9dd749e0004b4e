"""Proof of who an organisation is: kept by moderators, renewed in time."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.accounts.actions import verify_organisation
from portal.accounts.enums import OrganisationState
from portal.accounts.models import Organisation
from portal.accounts.verification_actions import add_evidence, announce_ending_verifications, lapse_verifications
from portal.audit.models import AuditEvent
from portal.common.errors import Incomplete, NotAllowed
from portal.common.uploads import checked
from portal.jobs.tasks import run_due
from tests.conftest import World
from tests.factories import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
TODAY = date(2026, 11, 20)


def pending() -> Organisation:
    organisation = OrganisationFactory(state="pending")
    MembershipFactory(organisation=organisation)
    return organisation


def letter(name: str = "letter.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


@pytest.mark.parametrize("how", ["domain", "letter", "registry"])
def test_verifying_without_a_word_of_what_was_seen_is_refused(world: World, how: str) -> None:
    organisation = pending()
    with pytest.raises(Incomplete, match="what you saw"):
        verify_organisation(by=world.moderator, organisation=organisation, how=how)
    organisation.refresh_from_db()
    assert organisation.state == OrganisationState.PENDING


def test_verifying_keeps_what_was_seen_with_who_and_until_when(world: World) -> None:
    organisation, until = pending(), timezone.localdate() + timedelta(days=400)
    verify_organisation(
        by=world.moderator, organisation=organisation, how="registry", detail="HRB 1234", expires_on=until
    )
    kept = organisation.evidence.get()
    assert (kept.method, kept.detail, kept.checked_by, kept.expires_on) == (
        "registry", "HRB 1234", world.moderator, until,
    )  # fmt: skip


def test_proof_kept_before_is_enough_to_verify(world: World) -> None:
    organisation = pending()
    add_evidence(by=world.moderator, organisation=organisation, method="letter", file=checked(letter()))
    verify_organisation(by=world.moderator, organisation=organisation, how="letter")
    assert organisation.evidence.count() == 1


def test_proof_that_ran_out_is_not_enough(world: World) -> None:
    organisation = pending()
    yesterday = timezone.localdate() - timedelta(days=1)
    add_evidence(by=world.moderator, organisation=organisation, method="letter", detail="x", expires_on=yesterday)
    with pytest.raises(Incomplete):
        verify_organisation(by=world.moderator, organisation=organisation, how="letter")


@pytest.mark.parametrize("person", ["city_admin", "administrator", "expert", "newcomer"])
def test_nobody_but_moderators_keeps_a_proof(world: World, person: str) -> None:
    with pytest.raises(NotAllowed):
        add_evidence(by=world.users[person], organisation=pending(), method="letter", detail="x")


def verified_until(*days: date | None) -> Organisation:
    organisation = OrganisationFactory()
    MembershipFactory(organisation=organisation)
    for day in days:
        organisation.evidence.create(method="letter", detail="x", checked_by=organisation.verified_by, expires_on=day)
    return organisation


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((), "verified"),
        ((None,), "verified"),
        ((TODAY,), "verified"),
        ((TODAY - timedelta(days=1),), "pending"),
        ((TODAY - timedelta(days=1), TODAY + timedelta(days=1)), "verified"),
        ((TODAY - timedelta(days=1), None), "verified"),
    ],
)
def test_verification_lapses_the_day_after_the_last_proof(days: tuple[date | None, ...], expected: str) -> None:
    organisation = verified_until(*days)
    lapse_verifications(today=TODAY)
    organisation.refresh_from_db()
    assert organisation.state == expected


def test_lapse_is_traced_and_waits_for_a_moderator_again() -> None:
    organisation = verified_until(TODAY - timedelta(days=1))
    assert lapse_verifications(today=TODAY) == 1
    assert AuditEvent.objects.filter(action="organisation.lapse", subject=f"organisation:{organisation.pk}").exists()
    assert organisation in Organisation.objects.pending()
    assert lapse_verifications(today=TODAY) == 0


@pytest.mark.parametrize(("ahead", "told"), [(31, 0), (29, 1), (0, 1)])
def test_members_are_told_once_a_month_before_the_proof_ends(ahead: int, told: int) -> None:
    organisation = verified_until(TODAY + timedelta(days=ahead))
    for day in range(3):
        announce_ending_verifications(today=TODAY - timedelta(days=day))
        run_due()
    member = organisation.members.get()
    assert member.notices.filter(kind="verification_ending").count() == told


def test_moderator_keeps_a_letter_and_gets_it_back_as_a_file(world: World, client_of: Any) -> None:
    organisation = pending()
    client, page = client_of(world.moderator), f"/en/organisations/{organisation.public_id}/verification/"
    sent = client.post(page, {"method": "letter", "file": letter("Brief vom Amt.pdf"), "detail": "", "note": ""})
    assert sent.status_code == 302
    kept = organisation.evidence.get()
    file = client.get(f"{page}{kept.public_id}/")
    assert file.content == PDF
    assert file["Content-Disposition"] == 'attachment; filename="Brief vom Amt.pdf"'
    assert file["Content-Type"] == "application/octet-stream"
    assert kept.file_name in client.get(page).content.decode()


def test_tied_moderator_reads_no_proof(world: World, client_of: Any) -> None:
    organisation = verified_until(None)
    page = f"/en/organisations/{organisation.public_id}/verification/"
    assert client_of(world.moderator).get(page).status_code == 200
    MembershipFactory(user=world.moderator, organisation=organisation)
    assert client_of(world.moderator).get(page).status_code == 404
