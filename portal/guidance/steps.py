"""The first steps of everybody who is new here, read from their records each time: nothing is ticked by hand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.models import Solution
from cities.models import Demand
from matching.experts.models import Expert
from matching.workbench.models import Routing
from portal.accounts.enums import StaffRoleKind
from portal.accounts.models import Organisation, User
from portal.guidance.models import Guide
from portal.guidance.sample_actions import is_empty
from portal.programmes.models import Programme

LATEST = 20


class Stage(StrEnum):
    DONE = "done"
    NOW = "now"
    WAITING = "waiting"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    stage: Stage
    hint: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """``action`` is the one thing to do next; ``example`` a record worth looking at, where there is one."""

    steps: list[Step]
    example_url: str = ""
    example_label: str = ""

    @property
    def action(self) -> Step | None:
        return next((step for step in self.steps if step.stage == Stage.NOW), None)

    @property
    def done(self) -> int:
        return sum(step.stage == Stage.DONE for step in self.steps)


def first_steps(user: User, home: Mapping[str, Any]) -> Steps | None:
    """What leads this person on; None where all is done or was put away. ``home`` is the context of the home page."""
    found = next((steps for steps in _of(user, home) if not _is_over(steps)), None)
    if found is None or Guide.objects.filter(user=user, hidden_at__isnull=False).exists():
        return None
    return found


def _is_over(steps: Steps) -> bool:
    return all(step.stage == Stage.DONE for step in steps.steps)


def _of(user: User, home: Mapping[str, Any]) -> Iterator[Steps]:
    if home["is_newcomer"]:
        yield Steps(_in_turn(_who(), _belonging(False), _first_record(), _what_next()))
    if home["is_city"]:
        yield _city(home["city_bodies"], [row.demand for row in home["city_demands"]])
    if home["is_provider"]:
        yield _provider(home["provider_organisations"], [row.solution for row in home["provider_solutions"]])
    for role, steps in STAFF.items():
        if role in user.staff_roles:
            yield Steps(steps(user))


def _in_turn(*steps: Step) -> list[Step]:
    """The first that can be done is what to do now; what comes after it waits its turn."""
    found: list[Step] = []
    is_taken = False
    for step in steps:
        if step.stage != Stage.NOW or not is_taken:
            found.append(step)
        else:
            found.append(Step(step.label, Stage.LATER, step.hint, step.url))
        is_taken = is_taken or step.stage == Stage.NOW
    return found


def _stage(is_done: bool) -> Stage:
    return Stage.DONE if is_done else Stage.NOW


def _who() -> Step:
    return Step(_("You have an account"), Stage.DONE)


def _belonging(is_done: bool) -> Step:
    return Step(_("Say whom you act for"), _stage(is_done), _("About two minutes."))


def _first_record() -> Step:
    return Step(_("Write your first demand, or list your first solution"), Stage.LATER)


def _what_next() -> Step:
    return Step(_("ICLEI reads it, and you get matches with reasons"), Stage.LATER)


def _verified(organisations: list[Organisation]) -> Step:
    if any(one.is_verified for one in organisations):
        return Step(_("ICLEI has verified your organisation"), Stage.DONE)
    url = organisations[0].get_absolute_url()
    hint = _("You can write drafts now and submit them after that.")
    return Step(_("ICLEI verifies your organisation"), Stage.WAITING, hint, url)


def _city(bodies: list[Organisation], demands: list[Demand]) -> Steps:
    own = [demand for demand in demands if demand.original_language]
    url = reverse("cities:demand-edit", args=[own[0].public_id]) if own else reverse("cities:demand-new")
    written = any(demand.submitted_at for demand in own)
    published = any(demand.published_at for demand in own)
    hint = _("About ten minutes. Every page is saved; you can stop and go on at any time.")
    label = _("Finish your first demand") if own and not written else _("Write your first demand")
    steps = _in_turn(
        _who(),
        Step(_("Register your city"), Stage.DONE),
        _verified(bodies),
        Step(label, _stage(written), "" if written else hint, "" if written else url),
        _read(published, written),
        Step(_("You see solutions with reasons, and decide"), _stage_after(published)),
    )
    return Steps(steps, *_example(Demand.objects.public().live(), _("See a demand of another city"), "-published_at"))


def _provider(organisations: list[Organisation], solutions: list[Solution]) -> Steps:
    own = [one for one in solutions if one.revises_id is None]
    url = reverse("catalog:solution-edit", args=[own[0].public_id]) if own else reverse("catalog:solution-new")
    written = any(one.submitted_at for one in own)
    listed = any(one.listed_at for one in own)
    hint = _("About twenty minutes. Every page is saved; you can stop and go on at any time.")
    label = _("Finish your first solution") if own and not written else _("List your first solution")
    steps = _in_turn(
        _who(),
        Step(_("Register your organisation"), Stage.DONE),
        _verified(organisations),
        Step(label, _stage(written), "" if written else hint, "" if written else url),
        _read(listed, written),
        Step(_("Cities that say yes to you invite you"), _stage_after(listed)),
    )
    return Steps(steps, *_example(Solution.objects.listed(), _("See a solution of another provider"), "-listed_at"))


def _read(is_done: bool, is_written: bool) -> Step:
    stage = Stage.DONE if is_done else Stage.WAITING if is_written else Stage.LATER
    return Step(_("ICLEI reads it"), stage, "" if is_done else _("You get a mail either way."))


def _stage_after(is_done: bool) -> Stage:
    """What only waits to happen: nothing is left to lead to."""
    return Stage.DONE if is_done else Stage.LATER


def _example(found: Any, label: str, latest: str) -> tuple[str, str]:
    """Of the latest public ones, one in the reader's language that was worked on most; nothing where there is none."""
    language = get_language() or "en"
    some = found.only("public_id", "original_language", "version").order_by(latest)[:LATEST]
    best = max(some, key=lambda one: (one.original_language == language, one.version), default=None)
    return (best.get_absolute_url(), label) if best is not None else ("", "")


def _expert(user: User) -> list[Step]:
    expert = Expert.objects.filter(user=user).prefetch_related("topics").first()
    knows = expert is not None and bool(expert.topics.all())
    edit = reverse("matching:expert-edit") if expert is not None else ""
    return _in_turn(
        _who(),
        Step(_("Choose the topics that you know"), _stage(knows), _("About two minutes."), edit),
        Step(_("You get a mail when somebody asks for your advice"), _stage_after(knows)),
    )


def _moderator(user: User) -> list[Step]:
    toured = Guide.objects.filter(user=user, toured_at__isnull=False).exists()
    routed = Routing.objects.filter(user=user).exists()
    return _in_turn(
        _who(),
        Step(
            _("Take the tour of the queue"),
            _stage(toured),
            _("About five minutes."),
            f"{reverse('matching:queue')}?tour=1",
        ),
        Step(_("Say which languages and regions come first"), _stage(routed), "", reverse("matching:queue-routing")),
    )


def _manager(user: User) -> list[Step]:
    has_one = Programme.objects.exists()
    new = reverse("programmes:programme-new")
    return _in_turn(
        _who(),
        Step(_("Write your first programme"), _stage(has_one), _("It stays a draft until you announce it."), new),
        Step(_("Open a call, and answer questions about it"), _stage_after(has_one)),
    )


def _administrator(user: User) -> list[Step]:
    full = not is_empty()
    return _in_turn(
        _who(),
        Step(
            _("Look around with sample data, or begin with records of your own"),
            _stage(full),
            _("The portal is empty. Sample data can be removed again at any time."),
            reverse("guidance:sample"),
        ),
    )


STAFF = {
    StaffRoleKind.MODERATOR: _moderator,
    StaffRoleKind.PROGRAMME: _manager,
    StaffRoleKind.EXPERT: _expert,
    StaffRoleKind.ADMINISTRATOR: _administrator,
}
