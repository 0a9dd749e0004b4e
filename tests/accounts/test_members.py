"""Inviting colleagues, joining, changing roles and leaving."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.utils import timezone

from portal.accounts.member_actions import (
    MOST_A_DAY,
    accept_invitation,
    change_role,
    invitation_of,
    invite_member,
    remove_member,
    token_of,
    withdraw_invitation,
)
from portal.accounts.models import Invitation, Membership
from portal.audit.models import AuditEvent
from portal.common.errors import Conflict, DomainError, NotAllowed
from portal.jobs.tasks import run_due
from tests.conftest import World
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def invite(world: World, email: str = "ana@example.org", role: str = "approver", language: str = "es") -> Invitation:
    organisation = world.city.organisation
    return invite_member(by=world.city_admin, organisation=organisation, email=email, role=role, language=language)


def membership(world: World, name: str) -> Membership:
    return Membership.objects.get(user=world.users[name])


def test_mail_in_the_chosen_language_leads_to_the_page_that_lets_join(
    world: World, mailoutbox: list[Any], client_of: Any
) -> None:
    invite(world)
    run_due()
    [mail] = mailoutbox
    assert mail.to == ["ana@example.org"]
    assert mail.extra_headers["Content-Language"] == "es"
    link = re.search(r"https?://[^/]+(/es/invitations/\S+)", mail.body).group(1)
    ana = UserFactory(email="ana@example.org")
    client = client_of(ana)
    assert world.city.organisation.name in client.get(link).content.decode()
    assert client.post(link).status_code == 302
    assert Membership.objects.get(user=ana).role == "approver"
    assert AuditEvent.objects.get(action="membership.join").after["role"] == "approver"


def test_administrators_learn_who_joined(world: World) -> None:
    accept_invitation(by=UserFactory(email="ana@example.org", name="Ana"), invitation=invite(world))
    run_due()
    assert world.city_admin.notices.get(kind="member_joined").params["person"] == "Ana"


def test_only_the_invited_address_joins(world: World) -> None:
    invitation = invite(world)
    with pytest.raises(NotAllowed):
        accept_invitation(by=world.newcomer, invitation=invitation)


@pytest.mark.parametrize("end", ["used", "withdrawn", "run out"])
def test_what_is_over_lets_nobody_in(world: World, end: str) -> None:
    invitation, ana = invite(world), UserFactory(email="ana@example.org")
    if end == "used":
        accept_invitation(by=ana, invitation=invitation)
        remove_member(by=ana, membership=Membership.objects.get(user=ana))
    elif end == "withdrawn":
        withdraw_invitation(by=world.city_admin, invitation=invitation)
    else:
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Conflict):
        accept_invitation(by=ana, invitation=invitation)


def test_second_invitation_renews_the_first(world: World) -> None:
    first = invite(world, role="editor")
    second = invite(world, email="ANA@example.org", role="admin")
    assert (first.pk, second.role) == (second.pk, "admin")


def test_forged_link_is_not_found(world: World, client: Any) -> None:
    invitation = invite(world)
    for token in (token_of(invitation)[:-2], signing.dumps([invitation.pk, invitation.email]), "x"):
        assert client.get(f"/en/invitations/{token}/").status_code == 404


def test_a_mailing_is_stopped(world: World) -> None:
    for number in range(MOST_A_DAY):
        invite(world, email=f"p{number}@example.org")
    with pytest.raises(DomainError, match="tomorrow"):
        invite(world)


def test_who_belongs_already_is_not_invited(world: World, client_of: Any) -> None:
    url = f"/en/organisations/{world.city.organisation.public_id}/members/invite/"
    data = {"email": world.city_editor.email, "role": "admin", "language": "ko"}
    response = client_of(world.city_admin).post(url, data)
    assert response.status_code == 422
    assert "This person belongs to your organisation already." in response.content.decode()


def test_moderator_cannot_join_a_provider(world: World) -> None:
    organisation = world.provider.organisation
    invitation = invite_member(
        by=world.provider_admin, organisation=organisation, email=world.moderator.email, role="editor", language="en"
    )
    with pytest.raises(DomainError, match="moderator"):
        accept_invitation(by=world.moderator, invitation=invitation)


def test_role_changes_are_told_and_traced(world: World) -> None:
    change_role(by=world.city_admin, membership=membership(world, "city_editor"), role="approver")
    run_due()
    assert world.city_editor.notices.filter(kind="role_changed").count() == 1
    event = AuditEvent.objects.get(action="membership.change_role")
    assert (event.before["role"], event.after["role"]) == ("editor", "approver")


def test_last_administrator_neither_leaves_nor_steps_down(world: World) -> None:
    own = membership(world, "city_admin")
    with pytest.raises(DomainError, match="administrator"):
        remove_member(by=world.city_admin, membership=own)
    with pytest.raises(DomainError, match="administrator"):
        change_role(by=world.city_admin, membership=own, role="editor")


def test_handing_over_then_leaving(world: World, client_of: Any) -> None:
    change_role(by=world.city_admin, membership=membership(world, "city_editor"), role="admin")
    url = f"/en/organisations/{world.city.organisation.public_id}/members/leave/"
    client = client_of(world.city_admin)
    assert "Leave" in client.get(url).content.decode()
    client.post(url)
    assert not Membership.objects.filter(user=world.city_admin).exists()


@pytest.mark.parametrize("name", ["city_editor", "city_approver", "other_city_admin", "moderator"])
def test_others_manage_nobody(world: World, name: str) -> None:
    by, target = world.users[name], membership(world, "city_admin")
    for attempt in (
        lambda: invite_member(by=by, organisation=world.city.organisation, email="a@b.cd", role="admin", language="en"),
        lambda: change_role(by=by, membership=target, role="editor"),
        lambda: remove_member(by=by, membership=target),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_who_lost_the_link_finds_the_invitation_at_home(world: World, client_of: Any) -> None:
    invitation = invite(world)
    ana = UserFactory(email="ana@example.org")
    page = client_of(ana).get("/en/my/").content.decode()
    link = re.search("/en/invitations/([^/]+)/", page)
    assert link is not None
    assert invitation_of(link[1]) == invitation  # which says when it was written, so it is never the same twice


def test_removed_person_is_told(world: World) -> None:
    remove_member(by=world.city_admin, membership=membership(world, "city_editor"))
    run_due()
    assert world.city_editor.notices.filter(kind="member_removed").count() == 1
