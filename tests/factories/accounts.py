import factory
from allauth.account.models import EmailAddress
from django.utils import timezone
from factory.django import DjangoModelFactory

from portal.accounts.enums import OrganisationKind, OrganisationState, VerificationMethod
from portal.accounts.models import Membership, Organisation, StaffRole, User

PASSWORD = "a-long-test-password"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **kwargs: object) -> None:
        if extracted:
            self.set_password(extracted)
            self.save(update_fields=["password"])

    @factory.post_generation
    def address(self, create: bool, extracted: object, **kwargs: object) -> None:
        if create:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    kind = OrganisationKind.CITY
    name = factory.Sequence(lambda n: f"Organisation {n}")
    country = "CL"
    state = OrganisationState.VERIFIED
    verified_by = factory.Maybe("is_proven", factory.SubFactory(UserFactory), None)
    verified_at = factory.Maybe("is_proven", factory.LazyFunction(timezone.now), None)
    verified_how = factory.Maybe("is_proven", VerificationMethod.KNOWN, "")

    class Params:
        is_proven = factory.LazyAttribute(
            lambda o: o.state in (OrganisationState.VERIFIED, OrganisationState.SUSPENDED)
        )


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = "admin"


class StaffRoleFactory(DjangoModelFactory):
    class Meta:
        model = StaffRole

    user = factory.SubFactory(UserFactory)
    role = "moderator"
