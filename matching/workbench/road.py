"""From a form on a review page to the decision behind it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from matching.views.choices import choice_of
from matching.views.decisions import Choice, Option
from matching.workbench.deciding_actions import Step, decide
from matching.workbench.models import Confirmation
from matching.workbench.wordings import WITH_WORDS, composed, filled, wordings
from portal.accounts.models import User
from portal.common.forms import BaseForm

WORDING = "wording"


def offer_wordings(form: BaseForm, kind: str, decision: str, record: Any) -> None:
    """Put the wordings of a decision behind the box for own words. With one chosen, the box may stay empty."""
    box = WITH_WORDS.get((kind, decision))
    found = wordings(kind, decision) if box in form.fields else []
    if box is None or not found:
        return
    language = get_language() or "en"
    choices = [("", _("None, only my own words")), *((one.code, filled(one, kind, record, language)) for one in found)]
    # Behind the box: a key that opens the form puts the cursor where people type.
    form.fields[WORDING] = forms.ChoiceField(
        label=_("Ready wording"),
        choices=choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Sent in the language of the recipient, before your own words."),
    )
    if form.is_bound and form.data.get(form.add_prefix(WORDING)):
        form.fields[box].required = False


def values_of(form: BaseForm, kind: str, decision: str, record: Any) -> dict[str, Any]:
    """What the action takes: the form's values, with the chosen wording put into the words."""
    values = {name: value for name, value in form.cleaned_data.items() if name != WORDING}
    box = WITH_WORDS.get((kind, decision))
    code = form.data.get(form.add_prefix(WORDING), "") if box else ""
    if box and code in {one.code for one in wordings(kind, decision)}:
        values[box] = composed(code, kind, record, values.get(box) or "")
    return values


def sent_of(form: BaseForm) -> dict[str, list[str]]:
    """The form as it was sent, under the names of its fields: what a second moderator's confirmation reads again."""
    data = form.data
    rows = data.lists() if isinstance(data, QueryDict) else ((key, [value]) for key, value in data.items())
    prefix = f"{form.prefix}-"
    return {key.removeprefix(prefix): list(values) for key, values in rows if key.startswith(prefix)}


def take_decision(user: User, kind: str, record: Any, option: Option, batch: str = "") -> Any:
    """The road behind an option of a review page."""
    choice = option.choice
    values = values_of(option.form, kind, choice.code, record)
    return decide(by=user, step=step_for(kind, record, choice, values, sent_of(option.form), batch))


def step_for(
    kind: str, record: Any, choice: Choice, values: Mapping[str, Any], sent: Mapping[str, Any], batch: str = ""
) -> Step:
    return Step(kind, record, choice.code, choice.act, {choice.subject: record, **values}, sent, batch)


def bound_form(choice: Choice, kind: str, record: Any, sent: Mapping[str, list[str]]) -> BaseForm:
    """The form of a decision, filled in as it was sent once before."""
    data = QueryDict(mutable=True)
    for name, values in sent.items():
        data.setlist(f"{choice.code}-{name}", values)
    form = choice.form(data, prefix=choice.code, **choice.options(record))
    offer_wordings(form, kind, choice.code, record)
    return form


def asked_step(confirmation: Confirmation, record: Any) -> Step | None:
    """The decision that somebody asked for, read again; None where its form does not take it any more."""
    choice = choice_of(confirmation.kind, confirmation.decision)
    if choice is None:
        return None
    form = bound_form(choice, confirmation.kind, record, confirmation.values)
    if not form.is_valid():
        return None
    values = values_of(form, confirmation.kind, choice.code, record)
    return step_for(confirmation.kind, record, choice, values, confirmation.values)
