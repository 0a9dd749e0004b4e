from datetime import timedelta

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from matching.introductions.models import (
    Document,
    FollowUp,
    FollowUpAnswer,
    InboundMail,
    Interest,
    Meeting,
    MeetingTime,
    Question,
    Showing,
)
from matching.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.matching import IntroductionFactory, MatchFactory


class QuestionFactory(DjangoModelFactory):
    """Answered and released on paper, so that it can stand in any state."""

    class Meta:
        model = Question

    match = factory.SubFactory(MatchFactory, state="invited")
    demand = factory.SelfAttribute("match.demand")
    organisation = factory.SelfAttribute("match.solution.provider.organisation")
    language = "en"
    body = text = "Which poles may be used?"
    asked_by = factory.SubFactory(UserFactory)
    asked_at = factory.LazyFunction(timezone.now)
    answer = "All of them."
    answer_language = "en"
    answered_by = factory.SubFactory(UserFactory)
    answered_at = factory.LazyFunction(timezone.now)
    released_by = factory.SubFactory(UserFactory)
    released_at = factory.LazyFunction(timezone.now)


class MeetingFactory(DjangoModelFactory):
    """With a time that was chosen, so that it can stand in any state."""

    class Meta:
        model = Meeting

    introduction = factory.SubFactory(IntroductionFactory)
    subject = "First talk"
    place = "Town hall"
    zone = "UTC"
    minutes = 45
    proposed_by = factory.SubFactory(UserFactory)
    organisation = factory.SelfAttribute("introduction.match.solution.provider.organisation")
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=5))
    chosen_by = factory.SubFactory(UserFactory)


class MeetingTimeFactory(DjangoModelFactory):
    class Meta:
        model = MeetingTime

    meeting = factory.SubFactory(MeetingFactory)
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=5))


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document

    demand = factory.SelfAttribute("match.demand")
    file = factory.LazyFunction(lambda: ContentFile(b"Words.", "plan.txt"))
    name = "plan.txt"
    kind = "text/plain"
    size = 6
    sha256 = "0" * 64
    added_by = factory.SubFactory(UserFactory)

    class Params:
        match = factory.SubFactory(MatchFactory)


class ShowingFactory(DjangoModelFactory):
    class Meta:
        model = Showing

    demand = factory.SelfAttribute("match.demand")
    organisation = factory.SelfAttribute("match.solution.provider.organisation")
    act = "given"
    what = "facts"
    subject = "facts:1"
    digest = "0" * 64
    at = factory.LazyFunction(timezone.now)

    class Params:
        match = factory.SubFactory(MatchFactory)


class InterestFactory(DjangoModelFactory):
    class Meta:
        model = Interest

    match = factory.SubFactory(MatchFactory)
    organisation = factory.SelfAttribute("match.solution.provider.organisation")
    solution = factory.SelfAttribute("match.solution")
    by = factory.SubFactory(UserFactory)
    note = "It fits."
    at = factory.LazyFunction(timezone.now)


class InboundMailFactory(DjangoModelFactory):
    class Meta:
        model = InboundMail

    message_id = factory.Sequence(lambda number: f"<{number}@example.org>")
    outcome = "automatic"
    sender_digest = "0" * 64
    at = factory.LazyFunction(timezone.now)


class FollowUpFactory(DjangoModelFactory):
    class Meta:
        model = FollowUp

    introduction = factory.SubFactory(IntroductionFactory)
    months = 3
    due_on = factory.LazyFunction(timezone.localdate)
    asked_at = factory.LazyFunction(timezone.now)


class FollowUpAnswerFactory(DjangoModelFactory):
    class Meta:
        model = FollowUpAnswer

    follow_up = factory.SubFactory(FollowUpFactory)
    side = "city"
    stage = "pilot"
    reached = "yes"
    language = "en"
    by = factory.SubFactory(UserFactory)


def message() -> Message:
    introduction = IntroductionFactory()
    return Message.objects.create(introduction=introduction, author=UserFactory(), language="en", body="Hello")
