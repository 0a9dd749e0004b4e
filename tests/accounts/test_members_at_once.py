"""Two people changing the members of one organisation at the same moment."""

import pytest

from portal.accounts.member_actions import remove_member
from portal.accounts.models import Membership
from tests.concurrency import at_once, committed  # noqa: F401
from tests.conftest import make_world
from tests.factories import MembershipFactory


@pytest.mark.usefixtures("committed")
def test_two_administrators_leaving_at_once_leave_one_behind() -> None:
    world = make_world()
    second = MembershipFactory(organisation=world.city.organisation, role="admin")
    first = Membership.objects.get(user=world.city_admin)
    at_once(
        [
            lambda: remove_member(by=first.user, membership=first),
            lambda: remove_member(by=second.user, membership=second),
        ]
    )
    assert Membership.objects.filter(organisation=world.city.organisation, role="admin").count() == 1
