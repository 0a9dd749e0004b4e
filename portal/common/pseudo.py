"""The pseudo-locale en-XA: English with accents, 40 % longer, in brackets, made from the strings as they are asked for.

It finds what no catalogue can: words that never pass through gettext, and boxes that break in longer languages. With
PSEUDO_LOCALE the whole portal stands a second time below /en-xa/, so that its links stay there; records, numbers and
dates are those of English.
"""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import set_script_prefix
from django.utils.translation import trans_real

MOUNT = "/en-xa"
TAG = "en-XA"
LONGER = 0.4
_ACCENTED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "àƀçðéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýžÀƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽ"
)
# What must come back as it is: placeholders of Python and templates, tags with their attributes, entities, addresses.
_KEPT = re.compile(r"(%\(\w+\)[sd]|%%|\{\w*\}|</?[a-zA-Z][^<>]*>|&\w+;|https?://\S+)")


def pseudo(text: str) -> str:
    """“Save” → “[Šàṽé ññ]”. Outer white space stays outside, because markup may count on it."""
    core = text.strip()
    if not core:
        return text
    parts = _KEPT.split(core)
    accented = "".join(part if place % 2 else part.translate(_ACCENTED) for place, part in enumerate(parts))
    letters = sum(len(part) for part in parts[::2])
    words = " ".join("ñ" * min(6, rest) for rest in range(round(LONGER * letters), 0, -6))
    return text.replace(core, f"[{accented}{' ' if words else ''}{words}]", 1)


class Pseudo(trans_real.DjangoTranslation):
    """Answers like a catalogue of English. get_language() goes on to say "en": formats and records are English."""

    def __init__(self) -> None:
        super().__init__("en")

    def gettext(self, message: str) -> str:
        """As of gettext; the context of pgettext is not part of the text."""
        return pseudo(message.rpartition(trans_real.CONTEXT_SEPARATOR)[2])

    def ngettext(self, singular: str, plural: str, number: float) -> str:
        """As of gettext."""
        return self.gettext(singular if number == 1 else plural)


def activate() -> None:
    """For this thread. Django offers no way to give it a catalogue that is not in a file."""
    trans_real._active.value = Pseudo()


def is_active() -> bool:
    return isinstance(getattr(trans_real._active, "value", None), Pseudo)


class PseudoLocaleMiddleware:
    """Takes /en-xa off the address, as a server that mounts the portal there would, and says so to what comes after."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if not settings.PSEUDO_LOCALE or not request.path_info.startswith(f"{MOUNT}/"):
            return self.get_response(request)
        try:
            request.is_pseudo = True
            request.path_info = request.META["PATH_INFO"] = request.path_info.removeprefix(MOUNT)
            request.META["SCRIPT_NAME"] = MOUNT
            set_script_prefix(f"{MOUNT}/")
            return self.get_response(request)
        finally:
            set_script_prefix("/")
