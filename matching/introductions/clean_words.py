"""The clean file in the reader's words: the same sections for the page and for the PDF."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext

from cities.coach.models import MemberState
from cities.enums import DemandState
from matching.enums import MatchState, Origin, Side
from matching.introductions.clean_file import SOMEBODY, CleanFile
from matching.introductions.enums import Act, MeetingState, QuestionRefusal, QuestionState, Shown
from matching.timeline import STEPS, reason_label
from portal.common.currencies import format_amount
from portal.common.pdf import Document

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Section:
    """A table with a heading; ``widths`` are shares of a page. Without rows, ``empty`` stands in its place."""

    title: str
    head: Row
    rows: list[Row]
    widths: tuple[int, ...]
    empty: str
    note: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)


def moment(text: str | None) -> str:
    """A stored moment in the reader's zone, the year in full for a file that is kept; empty for none."""
    if not text:
        return ""
    there = timezone.localtime(datetime.fromisoformat(text))
    return f"{there:%Y-%m-%d %H:%M}"


def _label(choices: Any, code: str) -> str:
    return str(choices(code).label) if code in choices.values else code


def facts(file: CleanFile) -> list[tuple[str, str]]:
    demand = file.content["demand"]
    return [
        (gettext("Demand"), f"{demand['title']} ({demand['id']})"),
        (gettext("City"), demand["body"]),
        (gettext("State"), _label(DemandState, demand["state"])),
        (gettext("Version of the demand"), str(demand["version"])),
        (gettext("Published on"), moment(demand["published_at"])),
        (gettext("Questions can be asked until"), moment(demand["questions_until"])),
        (gettext("Read off on"), f"{moment(file.made_at.isoformat())} ({timezone.get_current_timezone_name()})"),
        (gettext("Hash of this file (SHA-256)"), file.digest),
        (gettext("Head of the audit chain"), f"{file.head['sequence']}: {file.head['hash']}"),
    ]


def sections(file: CleanFile) -> list[Section]:
    content = file.content
    return [
        _ranking(content["ranking"]),
        _matches(content["matches"]),
        _decisions(content["matches"]),
        *([_pool(content["pool"])] if "pool" in content else []),
        _shown(content["equal_information"], content),
        _questions(content["questions"]),
        _documents(content["documents"]),
        _meetings(content["meetings"]),
        _introductions(content["introductions"]),
    ]


def _ranking(ranking: dict[str, Any] | None) -> Section:
    rows = [[str(one["place"]), one["provider"], one["name"]] for one in (ranking or {}).get("places", [])]
    versions = (
        []
        if ranking is None
        else [
            (gettext("Engine"), ranking["engine"]),
            (gettext("Ranking rules"), ranking["configuration"]),
            (gettext("Order"), ranking["order"]),
            (gettext("Encoder"), ranking["encoder"]),
            (gettext("Computed on"), moment(ranking["computed_at"])),
        ]
    )
    head = [gettext("Place"), gettext("Provider"), gettext("Solution")]
    return Section(
        gettext("Ranked by the engine"), head, rows, (10, 40, 50),
        gettext("The engine has made no list for this demand."), facts=versions,
    )  # fmt: skip


def _matches(matches: list[dict[str, Any]]) -> Section:
    rows = [
        [
            one["id"], one["provider"], one["name"], _label(Origin, one["origin"]), str(one["points"]),
            f"{one['versions']['engine']} / {one['versions']['configuration']}", _label(MatchState, one["state"]),
        ]
        for one in matches
    ]  # fmt: skip
    head = [
        gettext("Match"), gettext("Provider"), gettext("Solution"), gettext("Origin"), gettext("Points"),
        gettext("Versions"), gettext("State"),
    ]  # fmt: skip
    return Section(gettext("Matches"), head, rows, (13, 18, 20, 12, 8, 17, 12), gettext("There is no match yet."))


def _side(code: str) -> str:
    return {"iclei": "ICLEI", "portal": gettext("The portal")}.get(code) or _label(Side, code)


def _decisions(matches: list[dict[str, Any]]) -> Section:
    found = [(step["at"], match["provider"], match["id"], step) for match in matches for step in match["decisions"]]
    steps = sorted(found, key=lambda one: one[:3])
    rows = [
        [
            moment(at), provider, str(STEPS.get(step["move"], step["move"])), _side(step["by"]),
            str(reason_label(step["move"], step["reason"])) if step["reason"] else "",
            "" if step["points_shown"] is None else str(step["points_shown"]),
        ]
        for at, provider, _match_id, step in steps
    ]  # fmt: skip
    head = [
        gettext("When"), gettext("Provider"), gettext("Step"), gettext("By"), gettext("Reason"),
        gettext("Points shown"),
    ]  # fmt: skip
    return Section(gettext("Decisions"), head, rows, (17, 20, 25, 12, 16, 10), gettext("Nothing has been decided yet."))


def _pool(pool: dict[str, Any]) -> Section:
    """Joining, leaving and each city's answer to each proposal, in the order of time."""
    said = {True: gettext("Yes"), False: gettext("No")}
    parts = [(one["at"], one["city"], _label(MemberState, one["state"]), one["demand"]) for one in pool["members"]]
    parts += [(one["at"], one["city"], said[one["agrees"]], one["match"]) for one in pool["answers"]]
    rows = [[moment(at), city, what, item] for at, city, what, item in sorted(parts)]
    head = [gettext("When"), gettext("City"), gettext("What happened"), gettext("Which")]
    lead = next((one["city"] for one in pool["members"] if one["leads"]), "")
    note = gettext("%(city)s leads and answers for all, once every city has said yes.") % {"city": lead}
    return Section(gettext("Pooled demand"), head, rows, (20, 35, 25, 20), "", note if lead else "")


def _shown(lines: list[dict[str, Any]], content: dict[str, Any]) -> Section:
    names = {f"document:{one['id']}": one["name"] for one in content["documents"]}
    rows = [
        [
            moment(one["at"]), one["provider"], _label(Act, one["act"]), _label(Shown, one["what"]),
            names.get(one["subject"], one["subject"].partition(":")[2]), one["sha256"][:12],
        ]
        for one in lines
    ]  # fmt: skip
    head = [
        gettext("When"), gettext("Provider"), gettext("What happened"), gettext("Part of the pack"), gettext("Which"),
        gettext("Hash"),
    ]  # fmt: skip
    return Section(
        gettext("Equal information"), head, rows, (17, 20, 12, 17, 18, 16), gettext("Nobody has been invited yet."),
        gettext("The same hash at the same moment means: the same for everybody."),
    )  # fmt: skip


def _questions(lines: list[dict[str, Any]]) -> Section:
    rows = [
        [
            moment(one["asked_at"]), gettext("An invited provider") if one["by"] == SOMEBODY else one["by"],
            one["text"],
            one["answer"] or (_label(QuestionRefusal, one["reason"]) if one["reason"] else ""),
            _label(QuestionState, one["state"]), moment(one["released_at"]),
        ]
        for one in lines
    ]  # fmt: skip
    head = [
        gettext("Asked"), gettext("By"), gettext("Question"), gettext("Answer"), gettext("State"), gettext("Released"),
    ]  # fmt: skip
    return Section(
        gettext("Questions and answers"), head, rows, (11, 15, 25, 26, 12, 11), gettext("Nothing has been asked."),
        gettext("Who asked is named once that provider is introduced or the demand is over."),
    )  # fmt: skip


def _place_of(document: dict[str, Any]) -> str:
    if document["introduction"] is not None:
        return gettext("Introduction")
    is_held = document["held_for"] and not document["released_at"] and not document["removed_at"]
    return gettext("ICLEI looks at it first") if is_held else gettext("Pack")


def _documents(lines: list[dict[str, Any]]) -> Section:
    rows = [
        [
            moment(one["added_at"]), one["name"], one["by"],
            _place_of(one), moment(one["removed_at"]), one["sha256"][:12],
        ]
        for one in lines
    ]  # fmt: skip
    head = [
        gettext("Added"), gettext("Document"), gettext("By"), gettext("Where"), gettext("Taken back"), gettext("Hash"),
    ]  # fmt: skip
    return Section(gettext("Documents"), head, rows, (17, 26, 17, 12, 12, 16), gettext("There is no document."))


def _meetings(lines: list[dict[str, Any]]) -> Section:
    rows = [
        [
            moment(one["starts_at"]), one["provider"], one["subject"], _label(MeetingState, one["state"]),
            str(one["minutes"]), one["proposed_by"],
        ]
        for one in lines
    ]  # fmt: skip
    head = [
        gettext("When"), gettext("Provider"), gettext("What about"), gettext("State"), gettext("Length in minutes"),
        gettext("Proposed by"),
    ]  # fmt: skip
    return Section(gettext("Meetings"), head, rows, (18, 20, 26, 12, 8, 16), gettext("Nobody has met."))


def _introductions(lines: list[dict[str, Any]]) -> Section:
    language = get_language() or "en"
    rows = [
        [
            one["provider"], moment(one["city_consent_at"]), moment(one["provider_consent_at"]),
            moment(one["introduced_at"]), _label(MatchState, one["outcome"]) if one["outcome"] else "",
            format_amount(float(one["value"]), one["currency"], language) if one["value"] else "",
            one["ocid"] or one["tender"],
        ]
        for one in lines
    ]  # fmt: skip
    head = [
        gettext("Provider"), gettext("City’s yes"), gettext("Provider’s yes"), gettext("Introduced"),
        gettext("Outcome"), gettext("Value"), gettext("Tender"),
    ]  # fmt: skip
    return Section(
        gettext("Introductions"), head, rows, (20, 14, 14, 14, 13, 11, 14), gettext("Nobody has been introduced.")
    )


def printed(file: CleanFile) -> Document:
    """The whole as a PDF in the active language."""
    title = gettext("Clean file")
    foot = f"{settings.SITE_NAME} · {title} · {file.content['demand']['id']} · {file.digest[:16]}"
    made = Document(title=title, language=get_language() or "en", foot=foot, made_at=file.made_at)
    made.heading(title, 1)
    made.paragraph(about())
    # A hash is wider than the page: in two halves it breaks where a person can compare it.
    made.facts([(label, re.sub(r"([0-9a-f]{32})(?=[0-9a-f]{32}\b)", r"\1 ", value)) for label, value in facts(file)])
    for section in sections(file):
        made.heading(section.title)
        if section.note:
            made.paragraph(section.note, soft=True)
        made.facts(section.facts)
        if section.rows:
            made.table(section.head, section.rows, section.widths)
        else:
            made.paragraph(section.empty, soft=True)
    return made


def about() -> str:
    return gettext(
        "Who was ranked, invited, told, asked and met, and what was decided, by which versions of the rules. It names"
        " organisations and no people. Keep it with the papers of a later tender."
    )
