"""From a record's texts to drafts, paragraph by paragraph; what must not change is kept out of the machine's hands."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from portal.translating.machines.kinds import Translator
from portal.translating.machines.masking import mask, same_figures, unmask

AT_ONCE = 4000  # characters of one request


def drafts_of(
    translator: Translator,
    texts: Mapping[str, str],
    source: str,
    target: str,
    *,
    names: Iterable[str] = (),
    sign_of_life: Callable[[], None] = lambda: None,
) -> dict[str, str]:
    """Key → draft. A text of which a figure, a name or an address did not come back as it was is left out.

    ``sign_of_life`` is called between requests. Raises TranslatorAway and PairUnknown.
    """
    names = list(names)
    lines = [line for text in texts.values() for line in text.split("\n") if line.strip()]
    found: dict[str, str | None] = {}
    for batch in _batches(list(dict.fromkeys(lines))):
        found |= _translated(translator, batch, source, target, names)
        sign_of_life()
    drafts = {key: _joined(text, found) for key, text in texts.items()}
    return {key: draft for key, draft in drafts.items() if draft}


def _batches(lines: Sequence[str]) -> Iterable[list[str]]:
    batch: list[str] = []
    size = 0
    for line in lines:
        if batch and size + len(line) > AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    if batch:
        yield batch


def _translated(
    translator: Translator, lines: list[str], source: str, target: str, names: list[str]
) -> dict[str, str | None]:
    masked = [mask(line, names) for line in lines]
    answers = translator.translate([text for text, _kept in masked], source, target)
    found: dict[str, str | None] = {}
    for line, (_text, kept), answer in zip(lines, masked, answers, strict=True):
        whole = unmask(answer.strip(), kept)
        found[line] = whole if whole and same_figures(line, whole) else None
    return found


def _joined(text: str, found: Mapping[str, str | None]) -> str | None:
    lines = [found[line] if line.strip() else "" for line in text.split("\n")]
    return None if None in lines else "\n".join(line or "" for line in lines)
