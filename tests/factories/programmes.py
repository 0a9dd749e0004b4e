from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from catalog.models import FocusArea
from portal.accounts.models import User
from portal.programmes.enums import ApplicationState, ProgrammeState, SeatState
from portal.programmes.models import (
    Application,
    Call,
    CallCriterion,
    CallQuestion,
    CohortFollowUp,
    CohortMember,
    Event,
    Juror,
    Programme,
    Seat,
)
from tests.factories.accounts import StaffRoleFactory, UserFactory
from tests.factories.cities import DemandFactory


class ProgrammeFactory(DjangoModelFactory):
    """Complete enough for any state."""

    class Meta:
        model = Programme
        skip_postgeneration_save = True

    title_en = factory.Sequence(lambda n: f"Cool schools {n}")
    summary_en = "Shade and air for schools."
    about_en = "Ten cities cool their schools together."
    state = ProgrammeState.OPEN
    announced_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def focus_areas(self, create: bool, extracted: object, **kwargs: object) -> None:
        self.focus_areas.add(FocusArea.objects.order_by("pk").first())


class CallFactory(DjangoModelFactory):
    """Open for demands for two weeks, with two criteria (60 and 40) and one question."""

    class Meta:
        model = Call
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory)
    side = "demand"
    title_en = factory.Sequence(lambda n: f"Call {n}")
    about_en = "Cities with hot classrooms."
    deadline = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))
    zone = "UTC"
    jurors_needed = 1

    @factory.post_generation
    def rules(self, create: bool, extracted: object, **kwargs: object) -> None:
        CallCriterion.objects.create(call=self, order=0, title_en="Need", weight=60)
        CallCriterion.objects.create(call=self, order=1, title_en="Readiness", weight=40)
        CallQuestion.objects.create(call=self, text_en="Why now?")


class ApplicationFactory(DjangoModelFactory):
    """Submitted, with its question answered."""

    class Meta:
        model = Application

    class Params:
        subject = factory.SubFactory(DemandFactory)

    call = factory.SubFactory(CallFactory)
    demand = factory.SelfAttribute("subject")
    organisation = factory.SelfAttribute("subject.organisation")
    number = factory.Sequence(lambda n: n + 1)
    state = ApplicationState.SUBMITTED
    language = "en"
    started_by = factory.SubFactory(UserFactory)
    submitted_by = factory.SelfAttribute("started_by")
    submitted_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class: type[Application], *args: object, **kwargs: object) -> Application:
        call = kwargs["call"]
        kwargs.setdefault("answers", {str(q.pk): "The summers are hotter." for q in call.questions.all()})
        return super()._create(model_class, *args, **kwargs)


class JurorFactory(DjangoModelFactory):
    class Meta:
        model = Juror

    call = factory.SubFactory(CallFactory)
    user = factory.LazyFunction(lambda: StaffRoleFactory(role="expert").user)
    asked_by = factory.SubFactory(UserFactory)


class CohortMemberFactory(DjangoModelFactory):
    class Meta:
        model = CohortMember

    application = factory.SubFactory(ApplicationFactory, state=ApplicationState.ACCEPTED)
    completed_at = factory.LazyFunction(timezone.now)


class CohortFollowUpFactory(DjangoModelFactory):
    class Meta:
        model = CohortFollowUp

    member = factory.SubFactory(CohortMemberFactory, state="completed")
    months = 6
    asked_at = factory.LazyFunction(timezone.now)


class EventFactory(DjangoModelFactory):
    class Meta:
        model = Event

    programme = factory.SubFactory(ProgrammeFactory)
    title_en = factory.Sequence(lambda n: f"Workshop {n}")
    about_en = "How to shade a yard."
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=2))


class SeatFactory(DjangoModelFactory):
    class Meta:
        model = Seat

    event = factory.SubFactory(EventFactory)
    user = factory.SubFactory(UserFactory)
    state = SeatState.REGISTERED
    since = factory.LazyFunction(timezone.now)


def manager() -> User:
    user: User = StaffRoleFactory(role="programme").user
    return user
