"""Words for decisions that come up again and again. The portal brings some in its languages; moderators change and add.

A wording is chosen in the moderator's language and read in the recipient's. Holes: %(title)s, %(organisation)s,
%(portal)s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from matching.complaints.parties import record_of
from matching.workbench.models import ReasonTemplate
from portal.common.translated import shown

HOLES = ("title", "organisation", "portal")
# Decisions that come with words to somebody outside, and the field they stand in.
WITH_WORDS = {
    ("organisation", "refuse"): "note",
    ("organisation", "reverse"): "note",
    ("demand", "ask"): "note",
    ("demand", "reject"): "note",
    ("demand", "reverse"): "note",
    ("solution", "ask"): "comment",
    ("solution", "suspend"): "note",
    ("solution", "reverse"): "note",
    ("match", "offer"): "note",
    ("match", "withdraw"): "note",
    ("flag", "act"): "answer",
    ("flag", "dismiss"): "answer",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """``text`` is a lazy translation, or language → text where somebody wrote it here."""

    code: str
    kind: str
    decision: str
    name: Any
    text: Any = ""
    texts: Mapping[str, str] = field(default_factory=dict)

    def in_language(self, language: str) -> str:
        """The text in a language; where nobody wrote it in that one, in English, else in any."""
        if self.texts:
            return self.texts.get(language) or self.texts.get("en") or next(iter(self.texts.values()), "")
        with translation.override(language):
            return str(self.text)


OWN = (
    Wording(
        "organisation.register", "organisation", "refuse", pgettext_lazy("wording", "Not in the register"),
        _(
            "We did not find “%(organisation)s” in a public register under this name. Please add the registry "
            "number or a link to the entry, and ask us again."
        ),
    ),
    Wording(
        "organisation.letter", "organisation", "refuse", pgettext_lazy("wording", "Letter needed"),
        _(
            "We could not see that you may speak for “%(organisation)s”. Please send us a signed letter on its "
            "paper, and ask us again."
        ),
    ),
    Wording(
        "demand.outcome", "demand", "ask", pgettext_lazy("wording", "Outcome, not product"),
        _(
            "Please describe the outcome that you want and leave open how it is reached. Naming a product or a "
            "technique now could exclude providers from a later tender."
        ),
    ),
    Wording(
        "demand.figures", "demand", "ask", pgettext_lazy("wording", "Figures missing"),
        _(
            "Please add the figures that show the size of the task: how many, how much today, and what you want "
            "to reach by when."
        ),
    ),
    Wording(
        "demand.person", "demand", "ask", pgettext_lazy("wording", "Names a person"),
        _(
            "Please remove names, telephone numbers and addresses of people from the text. Contact is made "
            "through %(portal)s once both sides have agreed."
        ),
    ),
    Wording(
        "demand.scope", "demand", "reject", pgettext_lazy("wording", "Not infrastructure"),
        _(
            "“%(title)s” is not a need for infrastructure, and %(portal)s would find no solutions for it. If we "
            "misunderstood it, please write to us."
        ),
    ),
    Wording(
        "solution.limits", "solution", "ask", pgettext_lazy("wording", "Limits missing"),
        _(
            "Please say where the solution does not suit: size of city, climate, network, skills. Stated limits "
            "save both sides a conversation that leads nowhere."
        ),
    ),
    Wording(
        "solution.proof", "solution", "ask", pgettext_lazy("wording", "Proof missing"),
        _(
            "Please add a source for each figure that you claim: a report, a measurement or a reference city that"
            " can confirm it."
        ),
    ),
    Wording(
        "solution.plain", "solution", "ask", pgettext_lazy("wording", "Advertising"),
        _(
            "Please replace praise by facts: what it does, for whom, with which result. City officials read this "
            "as the basis of a decision."
        ),
    ),
    Wording(
        "match.similar", "match", "offer", pgettext_lazy("wording", "Works in a similar city"),
        _(
            "We propose this because it works in a city much like yours. Talking about it binds you to nothing, "
            "and other providers are not excluded by it."
        ),
    ),
    Wording(
        "match.open", "match", "offer", pgettext_lazy("wording", "Open question"),
        _("We propose this although one of your conditions could not be checked. Please ask about it first."),
    ),
    Wording(
        "flag.corrected", "flag", "act", pgettext_lazy("wording", "Corrected"),
        _("Thank you for telling us. “%(title)s” has been corrected."),
    ),
    Wording(
        "flag.hidden", "flag", "act", pgettext_lazy("wording", "Not shown any more"),
        _("Thank you for telling us. “%(title)s” is not shown any more."),
    ),
    Wording(
        "flag.nothing", "flag", "dismiss", pgettext_lazy("wording", "Nothing found"),
        _(
            "Thank you for telling us. We looked into “%(title)s” and found nothing that has to change. If you know "
            "more, please report it again and say where it can be read."
        ),
    ),
)  # fmt: skip


def wordings(kind: str = "", decision: str = "") -> list[Wording]:
    """Those in use, the portal's own first. Changed ones take the place of their originals."""
    rows = {row.code: row for row in ReasonTemplate.objects.all()}
    found = []
    for one in OWN:
        row = rows.pop(one.code, None)
        if row is None:
            found.append(one)
        elif not row.is_retired:
            found.append(_of(row))
    found += [_of(row) for row in rows.values() if not row.is_retired]
    return [one for one in found if kind in ("", one.kind) and decision in ("", one.decision)]


def wording_of(code: str) -> Wording | None:
    return next((one for one in wordings() if one.code == code), None)


def _of(row: ReasonTemplate) -> Wording:
    return Wording(row.code, row.kind, row.decision, row.name, texts=row.texts)


def values_for(kind: str, record: Any, language: str) -> dict[str, str]:
    """What the holes are filled with."""
    kind, subject = _subject(kind, record)
    with translation.override(language):
        field_name = {"solution": "name", "demand": "title"}.get(kind, "")
        title = shown(subject, field_name).text if field_name else str(subject)
    return {"title": title, "organisation": str(_body(kind, subject) or ""), "portal": settings.SITE_NAME}


def _subject(kind: str, record: Any) -> tuple[str, Any]:
    """The record that a decision is about, as its people know it; of a report, what was reported."""
    if kind == "match":
        return "demand", record.demand
    if kind != "flag":
        return kind, record
    found = record_of(record.about, record.item)
    return (record.about, found) if found is not None else ("", record.item)


def _body(kind: str, subject: Any) -> Any:
    if kind == "solution":
        return subject.provider.organisation
    return subject.organisation if kind == "demand" else subject if kind == "organisation" else None


def filled(wording: Wording, kind: str, record: Any, language: str) -> str:
    """The wording in a language with its holes filled. Holes of no known name are left as they stand."""
    text = wording.in_language(language)
    for hole, value in values_for(kind, record, language).items():
        text = text.replace(f"%({hole})s", value)
    return text


def sketched(wording: Wording, language: str) -> str:
    """The wording in a language for a list: what a record fills in is left out with dots."""
    text = wording.in_language(language)
    for hole in HOLES:
        text = text.replace(f"%({hole})s", settings.SITE_NAME if hole == "portal" else "…")
    return text


def language_of_recipient(kind: str, record: Any) -> str:
    """In which language the other side reads: of its record; of an organisation, that of its first administrator; of a
    report, of whoever sent it."""
    if kind == "organisation":
        people = record.membership_set.select_related("user").order_by("-role", "pk")
        admin = next((one for one in people if one.role == "admin"), None)
        return admin.user.language if admin else "en"
    if kind == "flag":
        reporter: str = record.by.language
        return reporter
    subject = record.demand if kind == "match" else record
    language: str = subject.original_language
    return language


def composed(code: str, kind: str, record: Any, words: str) -> str:
    """The chosen wording in the recipient's language, and the moderator's own words after it."""
    wording = wording_of(code)
    if wording is None:
        return words
    text = filled(wording, kind, record, language_of_recipient(kind, record))
    return f"{text}\n\n{words}".strip()
