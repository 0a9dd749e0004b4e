"""Deciding on a page: what may be chosen, the form that goes with it, and the refusal of who came second."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from matching.forms import BareForm
from matching.models import Match
from matching.timeline import person_for
from portal.accounts.models import User
from portal.common.errors import Conflict, Incomplete
from portal.common.forms import BaseForm
from portal.common.states import Lifecycle


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be decided. ``act`` is an action, called with ``by``, the form's values and the record.

    ``subject`` is the name by which the action knows the record; ``move`` names the step of ``table`` that it takes,
    which says when it is offered; ``options`` are what the form needs to know of the record.
    """

    code: str
    label: Any
    move: str
    table: Lifecycle
    act: Callable[..., Any]
    subject: str
    done: Any
    form: Callable[..., BaseForm] = BareForm
    key: str = ""
    kind: str = "secondary"
    options: Callable[[Any], dict[str, Any]] = lambda record: {}

    def is_open(self, record: Any) -> bool:
        return record.state in self.table.moves[self.move].sources


@dataclass(slots=True)
class Option:
    """A choice on the page: its form, bound where it is the one that was sent."""

    choice: Choice
    form: BaseForm
    is_sent: bool = False

    @property
    def is_plain(self) -> bool:
        return not self.form.fields


Road = Callable[[Option], Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Somebody else was quicker: what stands now, who decided and when, as far as the reader may know."""

    message: str
    who: str = ""
    when: datetime | None = None


@dataclass(slots=True)
class Deciding:
    """The decision of one request: call ``carry_out``, then either go on or show the page again."""

    request: HttpRequest
    record: Any
    options: list[Option]
    refusal: Refusal | None = None
    outcome: Any = None
    road: "Road | None" = None

    @classmethod
    def of(cls, request: HttpRequest, record: Any, choices: Iterable[Choice], road: "Road | None" = None) -> "Deciding":
        """The choices open from the record's state, and the one that was sent even where it is open no more.

        ``road`` takes the decision where more belongs to it than its action.
        """
        sent = request.POST.get("decision", "") if request.method == "POST" else ""
        options = []
        for choice in choices:
            if choice.code == sent or choice.is_open(record):
                data = request.POST if choice.code == sent else None
                options.append(
                    Option(choice, choice.form(data, prefix=choice.code, **choice.options(record)), choice.code == sent)
                )
        return cls(request, record, options, road=road)

    @property
    def sent(self) -> Option | None:
        return next((option for option in self.options if option.is_sent), None)

    def carry_out(self) -> bool:
        """Whether the decision that was sent is taken. If not, forms and refusal hold what to show."""
        option = self.sent
        if option is None or not option.form.is_valid():
            return False
        try:
            if self.road is not None:
                self.outcome = self.road(option)
            else:
                arguments = {option.choice.subject: self.record, **option.form.cleaned_data}
                self.outcome = option.choice.act(by=self.request.user, **arguments)
        except Incomplete as error:
            name = next((name for name in error.missing if name in option.form.fields), None)
            option.form.add_error(name, error.message)
        except Conflict as error:
            self._second(error)
        else:
            return True
        return False

    def _second(self, error: Conflict) -> None:
        """Keep what was typed, offer what is still open, and say who was first."""
        self.refusal = refusal_of(error, self.record, self.request.user)
        self.record.refresh_from_db()
        self.options = [option for option in self.options if option.is_sent or option.choice.is_open(self.record)]

    @property
    def done(self) -> str:
        """What was decided, in words: "Published: Renew the street lights"."""
        return f"{self.sent.choice.done} {self.record}" if self.sent else ""

    def show(self, template: str, context: Mapping[str, Any], *, also: Iterable[BaseForm] = ()) -> HttpResponse:
        """The page with the forms: 409 after a refusal, 422 with errors, else 200. What was typed is kept.

        ``also`` are forms of the page that are not decisions.
        """
        sent = [option.form for option in self.options if option.is_sent]
        wrong = [form for form in (*sent, *also) if form.is_bound and not form.is_valid()]
        status = 409 if self.refusal else 422 if wrong else 200
        merged = {
            "options": self.options,
            "refusal": self.refusal,
            "page_has_errors": bool(wrong),
            "error_forms": wrong,
        }
        return render(self.request, template, {**merged, **context}, status=status)


def refusal_of(error: Conflict, record: models.Model, reader: User) -> Refusal:
    """A match knows its decisions; of other records the refusal names the actor of the last event."""
    if isinstance(record, Match):
        last = record.decisions.select_related("by", "organisation").exclude(by=None).order_by("-at", "-pk").first()
        if last is not None:
            return Refusal(error.message, person_for(reader, record, last), last.at)
    return Refusal(error.message, name_of(error.who), error.when)


def name_of(actor: str) -> str:
    """Audit events name people by their key; moderators read names."""
    key = actor.removeprefix("user:")
    user = User.objects.filter(pk=key).first() if key != actor and key.isdigit() else None
    return str(user or "")
