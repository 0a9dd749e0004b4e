"""The ends the chain once had, kept outside the database: a chain whose last events are cut off looks whole."""

from pathlib import Path

from portal.audit.models import AuditEvent


def compare_and_note(notes: Path) -> int | None:
    """Append today's head to ``notes`` (lines of sequence and hash). Returns an earlier head that is gone, if any."""
    lines = notes.read_text(encoding="ascii").split() if notes.exists() else []
    earlier = dict(zip(map(int, lines[::2]), lines[1::2], strict=True))
    known = dict(AuditEvent.objects.filter(sequence__in=earlier).values_list("sequence", "hash"))
    for sequence, digest in earlier.items():
        if known.get(sequence) != digest:
            return sequence
    head = AuditEvent.objects.filter(sequence__isnull=False).order_by("-sequence").first()
    if head is not None and head.sequence not in earlier:
        notes.parent.mkdir(parents=True, exist_ok=True)
        with notes.open("a", encoding="ascii") as sink:
            sink.write(f"{head.sequence} {head.hash}\n")
    return None
