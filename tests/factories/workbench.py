from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from matching.complaints.models import Complaint, Flag
from matching.experts.models import Advice, Expert, ExpertInvitation
from matching.workbench.models import Confirmation
from tests.factories.accounts import OrganisationFactory, StaffRoleFactory, UserFactory
from tests.factories.cities import DemandFactory

DAY = timedelta(days=1)


class ConfirmationFactory(DjangoModelFactory):
    """Answered by a second moderator already, so that it may stand in any state."""

    class Meta:
        model = Confirmation

    kind = "demand"
    item = factory.Sequence(lambda n: f"DTEST{n:05}")
    decision = "publish"
    rules = ["budget"]
    asked_by = factory.SubFactory(UserFactory)
    answered_by = factory.SubFactory(UserFactory)
    answered_at = factory.LazyFunction(timezone.now)


class ComplaintFactory(DjangoModelFactory):
    class Meta:
        model = Complaint

    about = "demand"
    item = factory.Sequence(lambda n: f"DTEST{n:05}")
    complainant = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    language = "en"
    words = "Nobody read the second page."
    filed_at = factory.LazyFunction(timezone.now)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + 14 * DAY)


class FlagFactory(DjangoModelFactory):
    """Settled already, so that it may stand in any state."""

    class Meta:
        model = Flag

    about = "demand"
    item = factory.Sequence(lambda n: f"DTEST{n:05}")
    by = factory.SubFactory(UserFactory)
    reason = "outdated"
    settled_by = factory.SubFactory(UserFactory)
    settled_at = factory.LazyFunction(timezone.now)


class ExpertFactory(DjangoModelFactory):
    """With the role, and in the directory."""

    class Meta:
        model = Expert
        skip_postgeneration_save = True

    user = factory.LazyFunction(lambda: StaffRoleFactory(role="expert").user)
    affiliation = "Institute of Lamps"
    languages = ["en"]
    consented_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def topics(self, create: bool, extracted: list | None, **kwargs: object) -> None:
        if extracted:
            self.topics.set(extracted)


class ExpertInvitationFactory(DjangoModelFactory):
    class Meta:
        model = ExpertInvitation

    email = factory.Sequence(lambda n: f"expert{n}@example.org")
    name = "Ada Licht"
    affiliation = "Institute of Lamps"
    invited_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() + 30 * DAY)


class AdviceFactory(DjangoModelFactory):
    class Meta:
        model = Advice

    expert = factory.SubFactory(ExpertFactory)
    demand = factory.SubFactory(DemandFactory)
    asked_by = factory.SubFactory(UserFactory)
    question = "Is LED the right step?"
    language = "en"
    due_on = factory.LazyFunction(lambda: timezone.localdate() + 14 * DAY)
