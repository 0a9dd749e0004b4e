"""Forms of programmes, calls, applications, juries and events."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models import FocusArea, Solution
from cities.models import Demand
from portal.accounts.forms import time_zones
from portal.accounts.models import Organisation, User
from portal.common.forms import BaseForm
from portal.common.geography import country_choices, region_choices
from portal.common.sections import LongText
from portal.common.translated import original, text_in
from portal.common.widgets import SuggestInput
from portal.programmes.deadlines import ANYWHERE, NoSuchTime, moment
from portal.programmes.enums import (
    DeclineReason,
    LeaveReason,
    PartnerRole,
    ProgrammeKind,
    ProgrammeState,
    ScreeningReason,
    Side,
    Verdict,
)
from portal.programmes.models import Call, Event, Programme
from portal.programmes.rules import JURORS

Data = Mapping[str, Any] | None


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__({"class": "input input--short"}, format="%H:%M")


class ProgrammeForm(BaseForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=ProgrammeKind.choices)
    language = forms.ChoiceField(label=_("Language of this text"), choices=settings.LANGUAGES)
    title = forms.CharField(label=_("Title"), max_length=200)
    summary = LongText(label=_("In one or two sentences"), max_length=600, rows=3)
    about = LongText(label=_("What it is about"), max_length=8000, rows=10)
    areas = forms.ModelMultipleChoiceField(
        label=_("Focus areas"), queryset=FocusArea.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    regions = forms.MultipleChoiceField(
        label=_("Countries and regions"), required=False, help_text=_("None chosen means everywhere."),
        widget=forms.SelectMultiple({"size": "8", "class": "input"}),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("Begins on"), required=False)
    ends_on = forms.DateField(label=_("Ends on"), required=False)

    def __init__(self, data: Data = None, *, programme: Programme | None = None) -> None:
        super().__init__(data, initial=_of_programme(programme) if programme else {"language": get_language()})
        self.fields["areas"].queryset = FocusArea.objects.all()
        language = get_language() or "en"
        self.fields["regions"].choices = [
            (_("Regions"), region_choices(language)), (_("Countries"), country_choices(language)),
        ]  # fmt: skip
        if programme is not None:
            del self.fields["language"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        start, end = found.get("starts_on"), found.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", ValidationError(gettext("The end lies before the beginning.")))
        return found

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("title", "summary", "about")}

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "starts_on", "ends_on", "regions")}


def _of_programme(programme: Programme) -> dict[str, Any]:
    facts = {name: getattr(programme, name) for name in ("kind", "starts_on", "ends_on", "regions")}
    texts = {name: original(programme, name) for name in ("title", "summary", "about")}
    return {**facts, **texts, "areas": programme.focus_areas.all()}


class TranslationForm(BaseForm):
    """The texts of a record in one other language; the original stands beside each as its hint."""

    def __init__(self, record: Any, language: str, names: tuple[str, ...], data: Data = None) -> None:
        super().__init__(data, initial={name: text_in(record, name, language) for name in names})
        for name in names:
            model_field = type(record)._meta.get_field(name)
            self.fields[name] = forms.CharField(
                label=model_field.verbose_name, required=False, max_length=model_field.max_length,
                widget=forms.TextInput({"class": "input"}) if model_field.max_length <= 200 else
                forms.Textarea({"class": "input", "rows": "6"}),
                help_text=original(record, name),
            )  # fmt: skip


class PartnerForm(BaseForm):
    role = forms.ChoiceField(label=pgettext_lazy("partner of a programme", "Part"), choices=PartnerRole.choices)
    name = forms.CharField(
        label=_("Name"), max_length=200,
        help_text=_("As it is called on this portal, if it is here: then the record is linked and checked."),
    )  # fmt: skip
    website = forms.URLField(label=_("Website"), max_length=300, required=False, assume_scheme="https")

    def organisation(self) -> Organisation | None:
        found = Organisation.objects.filter(name__iexact=self.cleaned_data["name"]).order_by("pk")[:2]
        return found[0] if len(found) == 1 else None


class LinkForm(BaseForm):
    reference = forms.CharField(
        label=_("Reference of the demand or solution"), max_length=12,
        help_text=_("It stands at the end of its address. Example: D7K3M9Q2X."),
    )  # fmt: skip
    subject: Demand | Solution

    def clean_reference(self) -> str:
        typed = self.cleaned_data["reference"].strip().upper()
        found = (
            Demand.objects.public().filter(public_id=typed).first()
            or Solution.objects.listed().filter(public_id=typed).first()
        )
        if found is None:
            raise ValidationError(gettext("No published demand or solution has this reference."))
        self.subject = found
        return typed


class NoteForm(BaseForm):
    note = LongText(label=_("Your words"), max_length=3000, rows=5)


class ZonedForm(BaseForm):
    """A day, a minute and the zone they are meant in. ``moment_of`` gives the moment or an error at the field."""

    def moment_of(self, day: str, at: str, zone: str) -> datetime | None:
        found = self.cleaned_data
        if not (found.get(day) and found.get(at) is not None and found.get(zone)):
            return None
        try:
            return moment(found[day], found[at], found[zone])
        except NoSuchTime:
            text = gettext("On this day the clocks skip this hour. Choose a time before or after it.")
            self.add_error(at, ValidationError(text))
            return None

    def clean_zone(self) -> str:
        return known_zone(self.cleaned_data["zone"])


def known_zone(typed: str) -> str:
    zones = {name.casefold(): name for name in [ANYWHERE, *time_zones()]}
    found = zones.get(typed.strip().casefold())
    if found is None:
        raise ValidationError(gettext("We do not know this time zone. Choose one from the suggestions."))
    return found


ZONE_HELP = _("“AoE” means anywhere on earth: the day ends when it has ended everywhere. Else a zone like Asia/Seoul.")


class CallForm(ZonedForm):
    side = forms.ChoiceField(label=_("For whom"), choices=Side.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=200)
    about = LongText(label=_("What you look for, and what those accepted get"), max_length=8000, rows=10)
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
        return found

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("title", "about")}

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("side", "deadline", "zone", "places", "jurors_needed")}


def _of_call(call: Call) -> dict[str, Any]:
    facts = {name: getattr(call, name) for name in ("side", "zone", "places", "jurors_needed")}
    texts = {name: original(call, name) for name in ("title", "about")}
    return {**facts, **texts, "day": call.wall.date(), "at": call.wall.time()}


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
                initial=known.title if known else "", widget=forms.TextInput({"class": "input"}),
            )  # fmt: skip
            self.fields[f"weight_{row}"] = forms.IntegerField(
                label=_("Weight of criterion %(number)s") % {"number": row + 1}, min_value=1, max_value=100,
                required=False, initial=known.weight if known else None,
            )  # fmt: skip
            self.fields[f"weight_{row}"].widget.attrs["class"] = "input input--short"
        for row in self.question_rows:
            asked = questions[row] if row < len(questions) else None
            self.fields[f"question_{row}"] = forms.CharField(
                label=_("Question %(number)s to applicants") % {"number": row + 1}, max_length=300, required=False,
                initial=asked.text if asked else "", widget=forms.TextInput({"class": "input"}),
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


class SubjectForm(BaseForm):
    """Which of the reader's demands or solutions takes part."""

    subject = forms.ModelChoiceField(
        queryset=None, label=_("What do you apply with?"), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, call: Call, subjects: Any, data: Data = None) -> None:
        super().__init__(data)
        self.fields["subject"].queryset = subjects


class AnswersForm(BaseForm):
    """The call's questions. Nothing is required before it is submitted: half an answer is worth keeping."""

    language = forms.ChoiceField(label=_("Language of your answers"), choices=settings.LANGUAGES)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, application: Any, data: Data = None) -> None:
        super().__init__(data, initial={"language": application.language, "version": application.version})
        for question in application.call.questions.all():
            field = LongText(label=question.text, max_length=6000, rows=5)
            field.initial = application.answers.get(str(question.pk), "")
            field.is_needed_later = question.is_required
            field.widget.attrs["class"] = "input"
            self.fields[f"question_{question.pk}"] = field

    @property
    def answers(self) -> dict[str, str]:
        found = self.cleaned_data.items()
        return {name.removeprefix("question_"): text for name, text in found if name.startswith("question_")}


class ScreeningForm(BaseForm):
    move = forms.ChoiceField(
        label=_("What the check found"), widget=forms.RadioSelect,
        choices=[("admit", _("Goes to the jury")), ("screen_out", _("Does not go to the jury"))],
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=_("Reason, if not"), required=False, choices=[("", _("None")), *ScreeningReason.choices]
    )
    note = LongText(label=_("In your words, for the applicant"), max_length=3000, rows=4)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("move") == "screen_out" and not found.get("reason"):
            self.add_error("reason", ValidationError(gettext("Choose a reason: the applicant is told why.")))
        if found.get("move") == "admit":
            found["reason"] = ""
        return found


class VerdictForm(BaseForm):
    verdict = forms.ChoiceField(label=_("Verdict"), choices=Verdict.choices, widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_("Reason, if not accepted"), required=False, choices=[("", _("None")), *DeclineReason.choices]
    )
    note = LongText(label=_("In your words, for the applicant"), max_length=3000, rows=4)


class JurorForm(BaseForm):
    user = forms.ModelChoiceField(label=_("Expert or moderator"), queryset=User.objects.none())

    def __init__(self, call: Call, data: Data = None) -> None:
        super().__init__(data)
        people = User.objects.filter(staffrole__role__in=JURORS, is_active=True)
        taken = call.jurors.filter(is_active=True).values("user")
        self.fields["user"].queryset = people.exclude(pk__in=taken).distinct().order_by("name", "pk")


class ConflictForm(BaseForm):
    organisations = forms.ModelMultipleChoiceField(
        label=_("I am, or was, tied to these applicants"), queryset=Organisation.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Work, money, family, a project together. You will not see their applications."),
    )  # fmt: skip
    statement = LongText(label=_("Anything else that we should know"), max_length=2000, rows=3)
    sure = forms.BooleanField(label=_("I have looked through all names and declare all my ties"))

    def __init__(self, organisations: Any, data: Data = None) -> None:
        super().__init__(data)
        self.fields["organisations"].queryset = organisations


class ScoreForm(BaseForm):
    """One sheet: points and a comment on every criterion."""

    def __init__(self, criteria: Any, given: Mapping[int, Any], data: Data = None) -> None:
        super().__init__(data)
        for criterion in criteria:
            old = given.get(criterion.pk)
            self.fields[f"points_{criterion.pk}"] = forms.TypedChoiceField(
                label=f"{criterion.title} ({criterion.weight} %)", coerce=int, widget=forms.RadioSelect,
                choices=[(number, str(number)) for number in range(6)], initial=old.points if old else None,
            )  # fmt: skip
            comment = LongText(
                label=_("Why, on “%(criterion)s”") % {"criterion": criterion.title}, max_length=2000, rows=2
            )
            comment.initial = old.comment if old else ""
            comment.widget.attrs["class"] = "input"
            self.fields[f"comment_{criterion.pk}"] = comment

    def points(self) -> dict[int, tuple[int, str]]:
        found = self.cleaned_data
        keys = [int(name.removeprefix("points_")) for name in found if name.startswith("points_")]
        return {key: (found[f"points_{key}"], found[f"comment_{key}"]) for key in keys}


class MilestoneForm(BaseForm):
    title = forms.CharField(label=_("Milestone"), max_length=200)
    due_on = forms.DateField(label=pgettext_lazy("milestone", "By"), required=False)


class LeaveForm(BaseForm):
    reason = forms.ChoiceField(label=_("Why"), choices=LeaveReason.choices)
    note = LongText(label=_("In your words"), max_length=2000, rows=3)


class ReportForm(BaseForm):
    report = LongText(label=_("What came of it"), max_length=12000, rows=14)


class MatchForm(BaseForm):
    demand = forms.ModelChoiceField(queryset=None, label=_("Demand"))
    solution = forms.ModelChoiceField(queryset=None, label=_("Solution"))
    note = LongText(label=_("Why they belong together"), max_length=2000, rows=3)

    def __init__(self, demands: Any, solutions: Any, data: Data = None) -> None:
        super().__init__(data)
        self.fields["demand"].queryset, self.fields["solution"].queryset = demands, solutions


class EventForm(ZonedForm):
    title = forms.CharField(label=_("Title"), max_length=200)
    about = LongText(label=_("What happens there"), max_length=4000, rows=5)
    day = forms.DateField(label=pgettext_lazy("event", "Day"))
    starts = forms.TimeField(label=pgettext_lazy("event", "From"), widget=TimeInput())
    ends = forms.TimeField(label=pgettext_lazy("event", "until"), widget=TimeInput())
    zone = forms.CharField(label=_("In the time zone"), max_length=60, widget=SuggestInput(time_zones))
    place = forms.CharField(label=pgettext_lazy("event", "Place"), max_length=300, required=False)
    link = forms.URLField(
        label=_("Link to take part online"), max_length=500, required=False, assume_scheme="https",
        help_text=_("Shown to those registered only."),
    )  # fmt: skip
    languages = forms.CharField(label=_("Languages spoken"), max_length=120, required=False)
    capacity = forms.IntegerField(label=_("Places for guests"), min_value=1, max_value=100000, required=False)

    def __init__(self, data: Data = None, *, event: Event | None = None) -> None:
        super().__init__(data, initial=_of_event(event) if event else {})

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        found["starts_at"] = self.moment_of("day", "starts", "zone")
        found["ends_at"] = self.moment_of("day", "ends", "zone")
        if found["starts_at"] and found["ends_at"] and found["ends_at"] <= found["starts_at"]:
            self.add_error("ends", ValidationError(gettext("The end lies before the beginning.")))
        return found

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("title", "about")}

    @property
    def facts(self) -> dict[str, Any]:
        names = ("starts_at", "ends_at", "zone", "place", "link", "languages", "capacity")
        return {name: self.cleaned_data[name] for name in names}


def _of_event(event: Event) -> dict[str, Any]:
    facts = {name: getattr(event, name) for name in ("zone", "place", "link", "languages", "capacity")}
    texts = {name: original(event, name) for name in ("title", "about")}
    ends = event.ends_at.astimezone(event.wall.tzinfo)
    return {**facts, **texts, "day": event.wall.date(), "starts": event.wall.time(), "ends": ends.time()}


class ProgrammeFilter(BaseForm):
    """The query string of the list. What is not valid narrows nothing."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *ProgrammeKind.choices])
    focus = forms.ChoiceField(label=_("Focus area"), required=False)
    open = forms.BooleanField(label=_("Open for applications only"), required=False)
    is_filter = True

    def __init__(self, data: Data = None) -> None:
        super().__init__(data, auto_id="f_%s")
        self.fields["focus"].choices = [
            ("", _("All focus areas")),
            *((a.code, a.label) for a in FocusArea.objects.all()),
        ]

    def apply(self, programmes: Any) -> Any:
        self.is_valid()
        found = self.cleaned_data
        if found.get("kind"):
            programmes = programmes.filter(kind=found["kind"])
        if found.get("focus"):
            programmes = programmes.filter(focus_areas__code=found["focus"])
        if found.get("open"):
            programmes = programmes.filter(state=ProgrammeState.OPEN, calls__deadline__gt=timezone.now()).distinct()
        return programmes
