"""Four made-up items, as they come up in the queue, with what an old hand would do and why. Nothing of it is stored."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.common.forms import BaseForm


@dataclass(frozen=True, slots=True)
class Exercise:
    """``best`` is one of the keys of ``choices``."""

    key: str
    heading: Any
    case: Any
    choices: tuple[tuple[str, Any], ...]
    best: str
    why: Any


PUBLISH = ("publish", pgettext_lazy("practice", "Publish it"))
CHANGES = ("changes", _("Ask for changes"))
REJECT = ("reject", pgettext_lazy("practice", "Reject it"))
OFFER = ("offer", _("Offer to the city"))
SHORTLIST = ("shortlist", _("Shortlist it and ask the provider"))
VERIFY = ("verify", pgettext_lazy("practice", "Verify it"))
TIED = ("tied", _("I am tied to it"))

EXERCISES = (
    Exercise(
        "demand",
        _("Review demand"),
        _(
            "A city asks for “500 lamps of maker X, model Y”. It says nothing about light, energy or upkeep. The "
            "budget is given, the place is clear."
        ),
        (PUBLISH, CHANGES, REJECT),
        "changes",
        _(
            "A demand says what is needed, not which product: this one would shut everybody else out. The need is "
            "real, so it is not rejected. Ask what the light must do, and write an example."
        ),
    ),
    Exercise(
        "match",
        _("Decide on match"),
        _(
            "The score is 84. Of three must-haves two are met; whether spare parts come within two days is not stated. "
            "The provider answers mails quickly."
        ),
        (OFFER, SHORTLIST, REJECT),
        "shortlist",
        _(
            "What is not stated is a question, not an answer. The high score does not outweigh it: the city would find "
            "out later. Nothing speaks for a rejection either."
        ),
    ),
    Exercise(
        "organisation",
        _("Verify organisation"),
        _(
            "A city registered with an address of a free mail service. The website exists. No letter, no number of a "
            "register."
        ),
        (VERIFY, CHANGES, REJECT),
        "changes",
        _(
            "Anybody can have such an address. Ask for a letter or a mail from the city's own address; meanwhile the "
            "person can write drafts and loses nothing."
        ),
    ),
    Exercise(
        "tie",
        _("Decide on match"),
        _("The match is excellent. You left the provider's advisory board two years ago."),
        (OFFER, REJECT, TIED),
        "tied",
        _(
            "Whoever is tied to a side keeps out, also where the decision is plain. Say so once, and a colleague gets "
            "the item. The city stays clean for a later tender."
        ),
    ),
)


class PracticeForm(BaseForm):
    """One question an exercise; leaving one out is allowed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in EXERCISES:
            self.fields[one.key] = forms.ChoiceField(
                label=_("What do you do?"), choices=one.choices, required=False, widget=forms.RadioSelect
            )
            self.fields[one.key].is_needed_later = True


def answers_to(form: PracticeForm) -> list[tuple[Exercise, Any, str, Any]]:
    """Each exercise with its field, what was answered, and the words of the best answer."""
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return [(one, form[one.key], given.get(one.key, ""), dict(one.choices)[one.best]) for one in EXERCISES]
