"""Records in any state, made directly: factories are one of the three places that may write without an action."""

from tests.factories.accounts import MembershipFactory, OrganisationFactory, StaffRoleFactory, UserFactory
from tests.factories.catalog import ProviderFactory, SolutionFactory
from tests.factories.cities import CityFactory, DemandFactory, PublicBodyFactory
from tests.factories.matching import IntroductionFactory, MatchFactory
from tests.factories.workbench import (
    AdviceFactory,
    ComplaintFactory,
    ConfirmationFactory,
    ExpertFactory,
    ExpertInvitationFactory,
    FlagFactory,
)

__all__ = [
    "AdviceFactory",
    "CityFactory",
    "ComplaintFactory",
    "ConfirmationFactory",
    "DemandFactory",
    "ExpertFactory",
    "ExpertInvitationFactory",
    "FlagFactory",
    "IntroductionFactory",
    "MatchFactory",
    "MembershipFactory",
    "OrganisationFactory",
    "ProviderFactory",
    "PublicBodyFactory",
    "SolutionFactory",
    "StaffRoleFactory",
    "UserFactory",
]
