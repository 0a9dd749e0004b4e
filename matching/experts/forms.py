"""What moderators, cities and experts type about advice."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catalog.models import Topic
from matching.experts.actions import FACTS, LONGEST
from matching.experts.enums import DeclineReason
from matching.experts.models import Expert
from matching.experts.querysets import ExpertQuerySet
from matching.forms import words
from portal.accounts.choosing import LooseChoice, NamedOrganisation
from portal.accounts.models import Organisation
from portal.common.forms import BaseForm, DateInput, NumberInput


class DirectoryFilter(BaseForm):
    topic = forms.ModelChoiceField(
        queryset=Topic.objects.select_related("focus_area"), to_field_name="code", label=_("Topic"), required=False,
        empty_label=_("All topics"),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), required=False)
    free = forms.BooleanField(label=_("Only who can take a request now"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        self.fields["language"].choices = [("", _("All languages")), *settings.LANGUAGES]

    def apply(self, found: ExpertQuerySet, today: date) -> ExpertQuerySet:
        """Needs ``with_workload``. What is not valid, such as a topic that is gone, narrows nothing."""
        if topic := self.cleaned_data.get("topic"):
            found = found.filter(topics=topic)
        if language := self.cleaned_data.get("language"):
            found = found.filter(languages__contains=[language])
        return found.free(today) if self.cleaned_data.get("free") else found


class InviteExpertForm(BaseForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    affiliation = forms.CharField(label=_("Where the person works"), max_length=160)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)


class JoinForm(BaseForm):
    consent = forms.BooleanField(
        label=_("My name, where I work, my topics and languages may stand in the public directory"), required=False,
        help_text=_("You can take this back at any time. Without it only ICLEI sees you."),
    )  # fmt: skip


class ExpertForm(NamedOrganisation, JoinForm):
    named, among = "employer", "which"

    affiliation = forms.CharField(label=_("Where you work, as it is shown"), max_length=160)
    employer = forms.CharField(
        label=_("Your employer, if it is registered here"), max_length=200, required=False,
        widget=forms.TextInput({"autocomplete": "organization"}),
        help_text=format_lazy(
            "{} {}", _("You are never asked about what concerns it."),
            _("Its name, or a part of it, as it is registered here."),
        ),
    )  # fmt: skip
    which = LooseChoice(label=_("Which one of these?"), required=False, widget=forms.RadioSelect)
    topics = forms.ModelMultipleChoiceField(
        queryset=Topic.objects.select_related("focus_area"), to_field_name="code", label=_("Topics"), required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--columns"}),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    interests = words(_("Interests that others should know of"), help_text=_("Shown in the directory."))
    most_requests = forms.IntegerField(
        label=_("Most requests at a time"), min_value=1, max_value=20, widget=NumberInput
    )
    paused_until = forms.DateField(label=_("No requests until"), required=False, widget=DateInput)
    field_order = [
        *("affiliation", "employer", "which", "topics", "languages", "interests", "most_requests", "paused_until"),
    ]

    def __init__(self, *args: Any, expert: Expert, **kwargs: Any) -> None:
        names = ("affiliation", "languages", "interests", "most_requests", "paused_until")
        initial = {name: getattr(expert, name) for name in names}
        if expert.employer:
            initial |= {"employer": expert.employer.name, "which": expert.employer.public_id}
        topics = list(expert.topics.values_list("code", flat=True))
        initial |= {"topics": topics, "consent": expert.consented_at is not None}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["topics"].choices = _by_area(self.fields["topics"].queryset)
        self.look_up(Organisation.objects.filter(state="verified"))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        return {**found, "employer": self.chosen_organisation()}

    @property
    def facts(self) -> dict[str, Any]:
        """As edit_expert takes them."""
        return {name: self.cleaned_data[name] for name in FACTS}


def _by_area(topics: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Sixty boxes in a row are no list: each stands under its focus area."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for topic in topics:
        groups.setdefault(topic.focus_area.label, []).append((topic.code, topic.label))
    return list(groups.items())


class AskForm(BaseForm):
    question = words(
        _("Your question"), required=True, rows=5,
        help_text=_("The expert sees the demand or match, no contact of anybody. Ask one clear question."),
    )  # fmt: skip
    due_on = forms.DateField(label=_("Answer wanted by"), widget=DateInput)
    language = forms.ChoiceField(label=_("Language of your question"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["language"].initial = get_language()
        self.fields["due_on"].initial = today + timedelta(days=14)
        self.fields["due_on"].widget.attrs["max"] = (today + LONGEST).isoformat()


class DeclineForm(BaseForm):
    reason = forms.ChoiceField(label=_("Why not?"), choices=DeclineReason.choices, widget=forms.RadioSelect)


class AnswerForm(BaseForm):
    answer = forms.CharField(label=_("Your advice"), max_length=6000, widget=forms.Textarea(attrs={"rows": 10}))
    language = forms.ChoiceField(label=_("Language of your advice"), choices=settings.LANGUAGES)
    has_interests = forms.TypedChoiceField(
        label=_("Do you have an interest in this matter?"), widget=forms.RadioSelect,
        coerce=lambda value: value == "yes", choices=[("no", _("No")), ("yes", _("Yes"))],
    )  # fmt: skip
    interests = words(_("Which?"), help_text=_("Whoever reads your advice reads this with it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = get_language()
