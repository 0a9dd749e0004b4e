"""The beginning of a text, as lists show it."""

LEAST = 0.7  # of the room is kept: in a script without spaces the last one may stand far ahead


def excerpt(text: str, most: int) -> str:
    """At most ``most`` characters, cut between words where the text has spaces there, with an ellipsis if cut."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    if not text[most - 1].isspace():
        before = head.rpartition(" ")[0]
        head = before if len(before) >= LEAST * most else head
    return head.rstrip(" \t\r\n,;:.–—-、，。；：·(（") + "…"
