"""What a juror reads: the applicant's own words without who they are."""

import hashlib
from dataclasses import dataclass

from matching.introductions.contacts import masked
from portal.accounts.models import User
from portal.common.translated import original, shown
from portal.programmes.models import Application, Juror

SHOWN = {
    "demand": ("title", "summary", "problem", "outcome"),
    "solution": ("name", "tagline", "solves", "how_it_works"),
}


@dataclass(frozen=True, slots=True)
class Blind:
    """``texts`` are (field, masked text), ``answers`` (question, masked answer); ``language`` that of the record."""

    number: int
    language: str
    answer_language: str
    texts: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]


def names_of(application: Application) -> list[str]:
    """Words that would tell who it is: the organisation, its people, its place, its product."""
    organisation = application.organisation
    names = [organisation.name, *_distinctive(organisation.name)]
    names += User.objects.filter(membership__organisation=organisation).values_list("name", flat=True)
    if application.demand is not None and application.demand.city is not None:
        city = application.demand.city
        names += {getattr(city, f"name_{suffix}") or "" for suffix in ("en", "es", "fr", "pt", "ko", "ja", "zh_hans")}
    if application.solution is not None:
        names.append(original(application.solution, "name"))
    return [name for name in dict.fromkeys(names) if name]


def _distinctive(name: str) -> list[str]:
    """Single words of a name long enough to be its own: "Lumenstead GmbH" is known by the first."""
    return [word for word in name.split() if len(word) >= 6]


def blind(application: Application) -> Blind:
    names, record = names_of(application), application.record
    fields = SHOWN["demand" if application.demand_id else "solution"]
    texts = tuple((field, masked(original(record, field), names)) for field in fields if original(record, field))
    questions = application.call.questions.select_related("call__programme")
    answers = tuple((shown(q, "text").text, masked(application.answers.get(str(q.pk), ""), names)) for q in questions)
    return Blind(application.number, record.original_language, application.language, texts, answers)


def order_for(juror: Juror, applications: list[Application]) -> list[Application]:
    """Everybody in another order, always the same for one juror: whoever is read last would fare worse otherwise."""

    def place(application: Application) -> str:
        return hashlib.sha256(f"{juror.pk}/{application.pk}".encode()).hexdigest()

    return sorted(applications, key=place)
