"""What every machine translator keeps to."""

from collections.abc import Sequence
from typing import Protocol


class TranslatorAway(Exception):
    """The translator did not answer, or not as it should: try again later."""


class PairUnknown(Exception):
    """The translator does not know this pair of languages: no use to try again."""


class Translator(Protocol):
    """A class named by ``MACHINE_TRANSLATOR=python:package.module.Class``; made once a process, without arguments."""

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """As many texts as were given, in their order. ``source`` and ``target`` are codes of the portal's languages.

        Texts hold one paragraph each and marks such as [[0]], which have to come back. Takes 20 seconds at most for
        4,000 characters. Raises TranslatorAway or PairUnknown.
        """
        ...
