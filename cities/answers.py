"""The answers of a demand in words of the reader's language, section by section: for checking and for comparing."""

from django.utils.translation import get_language, gettext

from cities.forms.answers import FORMS
from cities.forms.requirements import BaseRequirements, requirement_in_words
from cities.models import Demand, Requirement
from portal.common.answers import Answer, answers_of, joined

# The order in which the sections are asked, and the task list shows them.
ORDER = ("need", "outcome", "focus", "topics", "size", "budget", "timing", "mandate", "requirements", "working")
HEADINGS = {**{slug: form.heading for slug, form in FORMS.items()}, BaseRequirements.slug: BaseRequirements.heading}


def section_answers(demand: Demand, slug: str) -> list[Answer]:
    return requirement_answers(demand) if slug == "requirements" else answers_of(FORMS[slug](demand))


def requirement_answers(demand: Demand) -> list[Answer]:
    rows = list(demand.requirements.all())
    labels = {True: gettext("Must-haves"), False: gettext("Nice-to-haves")}
    return [
        Answer("requirements", labels[wanted], joined([in_short(row) for row in rows if row.is_mandatory is wanted]))
        for wanted in (True, False)
    ]


def in_short(requirement: Requirement) -> str:
    return requirement_in_words(requirement, get_language() or "en")
