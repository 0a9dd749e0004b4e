"""Fill the vectors of the encoder that the settings ask for beside those in force, then compare the new ones."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matching import spaces
from matching.encoder import EmbeddingBackend, EncoderAway
from matching.spaces.actions import forget_spaces, switch_space
from matching.spaces.filling import fill, matched


class Command(BaseCommand):
    help = (
        "Encodes every published demand and listed solution with EMBEDDING_BACKEND, while matching goes on with the "
        "vectors in force, then switches to the new ones. May be broken off at any time and started again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fill-only", action="store_true", help="encode, but leave the old vectors in force")
        parser.add_argument("--forget", action="store_true", help="afterwards delete the vectors of all other encoders")

    def handle(self, *args: Any, fill_only: bool, forget: bool, **options: Any) -> None:
        if fill_only and forget:
            raise CommandError("--forget would delete the vectors that --fill-only leaves in force.")
        try:
            encoder = spaces.wished()
            self.stdout.write(f"in force: {spaces.current_id() or 'nothing'}; asked for: {encoder.id}")
            # What is published during a pass is found by the next, which has little left to do.
            while self._pass(encoder):
                pass
        except EncoderAway as error:
            raise CommandError(f"The encoder is away; what was encoded is kept. {error}") from error
        if fill_only:
            return
        switched = switch_space(by="command", space=encoder.id)
        self.stdout.write("switched; every list is owed again" if switched else "in force already")
        if forget:
            self.stdout.write(f"{forget_spaces(by='command', keep=encoder.id)} vectors of other encoders deleted")

    def _pass(self, encoder: EmbeddingBackend) -> int:
        """Returns how many texts had no vector."""
        total = sum(records.count() for records in matched().values())
        done = encoded = 0
        for step in fill(encoder):
            done, encoded = done + step.records, encoded + step.encoded
            self.stdout.write(f"{done} of {max(done, total)} records, {encoded} texts encoded", ending=self._ending)
        self.stdout.write(f"{done} records, {encoded} texts encoded")
        return encoded

    @property
    def _ending(self) -> str:
        return "\r" if self.stdout.isatty() else "\n"
