"""Which words of a record are encoded: the same for the portal, the imports and the evaluation."""

from __future__ import annotations

from dataclasses import dataclass

from matching.encoder.cleaning import clean, sentences


@dataclass(frozen=True, slots=True)
class DemandWording:
    """The texts of a demand to encode with kind "query": the whole, and its sentences when there are two or more."""

    whole: str
    sentences: tuple[str, ...]


def demand_wording(title: str | None, text: str | None) -> DemandWording:
    """What stands for a demand. Single sentences beside the whole keep boilerplate from drowning what is asked."""
    passage = _joined(title, text)
    parts = sentences(passage)
    return DemandWording(clean(passage), tuple(parts) if len(parts) > 1 else ())


def solution_wording(title: str | None, text: str | None) -> str:
    """What stands for a solution, as one passage to encode with kind "passage"."""
    return clean(_joined(title, text))


def _joined(title: str | None, text: str | None) -> str:
    """Title and text as one passage; a text that already opens with its title is not given it twice."""
    head, body = (title or "").strip(), (text or "").strip()
    if not head or body.startswith(head):
        return body
    if not body:
        return head
    stop = "" if head[-1] in ".!?。！？" else "."
    return f"{head}{stop}\n{body}"
