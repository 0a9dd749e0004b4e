"""Forms of calls: texts, deadline, rules, and what is asked about them."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms import time_zones
from portal.common.forms import BaseForm
from portal.common.sections import LongText
from portal.common.translated import original
from portal.common.widgets import SuggestInput
from portal.programmes.deadlines import ANYWHERE, wall
from portal.programmes.enums import (
    Side,
)
from portal.programmes.forms.zoned import TimeInput, ZonedForm
from portal.programmes.models import Call

Data = Mapping[str, Any] | None


ZONE_HELP = _("“AoE” means anywhere on earth: the day ends when it has ended everywhere. Else a zone like Asia/Seoul.")


class CallForm(ZonedForm):
    side = forms.ChoiceField(label=_("For whom"), choices=Side.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=200)
    about = LongText(label=_("What you look for, and what those accepted get"), max_length=8000, rows=10)
    opens_day = forms.DateField(
        label=_("Opens on"), required=False, help_text=_("Without a day it opens with the programme.")
    )
    opens_time = forms.TimeField(label=_("Opens at"), widget=TimeInput(), required=False)
    day = forms.DateField(label=_("Deadline: day"))
    at = forms.TimeField(
        label=_("Deadline: time"), widget=TimeInput(), initial=time(23, 59),
        help_text=_("The minute you name still counts. After it nothing is taken."),
    )  # fmt: skip
    zone = forms.CharField(
        label=_("In the time zone"), max_length=60, help_text=ZONE_HELP, initial=ANYWHERE,
        widget=SuggestInput(lambda: [ANYWHERE, *time_zones()]),
    )  # fmt: skip
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=30000, required=False)
    jurors_needed = forms.IntegerField(
        label=_("Scores that each application needs"), min_value=1, max_value=20, initial=2
    )

    def __init__(self, data: Data = None, *, call: Call | None = None) -> None:
        super().__init__(data, initial=_of_call(call) if call else {})

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        found["deadline"] = self.moment_of("day", "at", "zone")
        if found.get("opens_day"):
            found["opens_time"] = found.get("opens_time") or time(0, 0)
        found["opens_at"] = self.moment_of("opens_day", "opens_time", "zone")
        if found["opens_at"] and found["deadline"] and found["opens_at"] >= found["deadline"]:
            self.add_error("opens_day", ValidationError(gettext("The end lies before the beginning.")))
        return found

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("title", "about")}

    @property
    def facts(self) -> dict[str, Any]:
        names = ("side", "opens_at", "deadline", "zone", "places", "jurors_needed")
        return {name: self.cleaned_data[name] for name in names}


def _of_call(call: Call) -> dict[str, Any]:
    facts = {name: getattr(call, name) for name in ("side", "zone", "places", "jurors_needed")}
    texts = {name: original(call, name) for name in ("title", "about")}
    times = {"day": call.wall.date(), "at": call.wall.time()}
    if call.opens_at is not None:
        opens = wall(call.opens_at, call.zone)
        times |= {"opens_day": opens.date(), "opens_time": opens.time()}
    return {**facts, **texts, **times}


class ExtensionForm(ZonedForm):
    day = forms.DateField(label=_("New deadline: day"))
    at = forms.TimeField(label=_("New deadline: time"), widget=TimeInput())
    reason = LongText(label=_("Why"), max_length=1000, rows=3)

    def __init__(self, call: Call, data: Data = None) -> None:
        super().__init__(data, initial={"at": call.wall.time()})
        self.zone = call.zone

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        found["zone"] = self.zone
        found["deadline"] = self.moment_of("day", "at", "zone")
        return found


MOST_ROWS = 8


class RulesForm(BaseForm):
    """Criteria and questions as lines: eight of each are plenty, and a page without scripts can hold them all."""

    def __init__(self, call: Call, data: Data = None) -> None:
        super().__init__(data)
        criteria, questions = list(call.criteria.all()), list(call.questions.all())
        # Two more than there are; what was sent may hold any of the eight.
        self.criteria_rows, self.question_rows = (
            range(MOST_ROWS if data is not None else min(MOST_ROWS, max(4, len(rows) + 2)))
            for rows in (criteria, questions)
        )
        for row in self.criteria_rows:
            known = criteria[row] if row < len(criteria) else None
            self.fields[f"criterion_{row}"] = forms.CharField(
                label=_("Criterion %(number)s") % {"number": row + 1}, max_length=200, required=False,
                initial=original(known, "title") if known else "",
            )  # fmt: skip
            self.fields[f"weight_{row}"] = forms.IntegerField(
                label=_("Weight of criterion %(number)s") % {"number": row + 1}, min_value=1, max_value=100,
                required=False, initial=known.weight if known else None,
            )  # fmt: skip
        for row in self.question_rows:
            asked = questions[row] if row < len(questions) else None
            self.fields[f"question_{row}"] = forms.CharField(
                label=_("Question %(number)s to applicants") % {"number": row + 1}, max_length=300, required=False,
                initial=original(asked, "text") if asked else "",
            )  # fmt: skip
            self.fields[f"optional_{row}"] = forms.BooleanField(
                label=_("Question %(number)s may be left open") % {"number": row + 1}, required=False,
                initial=bool(asked) and not asked.is_required,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for row in self.criteria_rows:
            if bool(found.get(f"criterion_{row}")) != bool(found.get(f"weight_{row}")) and not self.errors:
                empty = f"weight_{row}" if found.get(f"criterion_{row}") else f"criterion_{row}"
                self.add_error(empty, ValidationError(gettext("A criterion needs its words and its weight.")))
        total = sum(found.get(f"weight_{row}") or 0 for row in self.criteria_rows)
        if total != 100 and not self.errors:
            text = gettext("The weights add up to %(total)s; they have to add up to 100.") % {"total": total}
            self.add_error("weight_0", ValidationError(text))
        return found

    @property
    def criteria(self) -> list[tuple[str, int]]:
        rows = (
            (self.cleaned_data[f"criterion_{row}"], self.cleaned_data[f"weight_{row}"]) for row in self.criteria_rows
        )
        return [row for row in rows if row[0]]

    @property
    def questions(self) -> list[tuple[str, bool]]:
        rows = (
            (self.cleaned_data[f"question_{row}"], not self.cleaned_data[f"optional_{row}"])
            for row in self.question_rows
        )
        return [row for row in rows if row[0]]


class EnquiryForm(BaseForm):
    text = LongText(
        label=_("Your question"), max_length=2000, rows=4,
        help_text=_("Question and answer are shown to everybody on this page, without your name."),
    )  # fmt: skip


class AnswerForm(BaseForm):
    answer = LongText(label=_("Answer"), max_length=4000, rows=4)
