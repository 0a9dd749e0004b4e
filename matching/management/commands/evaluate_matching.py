"""Measure the matcher on labelled folders: nDCG@10, recall@10 and MRR, overall and by the query's language."""

import argparse
import json
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from matching.encoder import backend
from matching.engine import ENGINE_VERSION, EXPERT
from matching.evaluation import Evaluation, Measures, SetError, VectorFile, evaluate_set, read_set

SHOWN_WARNINGS = 20


class Command(BaseCommand):
    """Needs no database: texts come from files, vectors are kept beside the site's other state."""

    help = __doc__
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "folders", nargs="+", type=Path, metavar="DIR", help="queries.jsonl, corpus.jsonl, qrels.tsv"
        )
        parser.add_argument("--doc-field", metavar="F", help="the corpus field to match against, beside its title")
        parser.add_argument("--limit", type=_positive, metavar="N", help="only the first N judged queries of each set")
        parser.add_argument("--backend", default="bundled", choices=["bundled", "light", "fake"])
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *args: Any, folders: list[Path], **options: Any) -> None:
        try:
            sets = [read_set(folder, options["doc_field"], options["limit"]) for folder in folders]
        except SetError as error:
            raise CommandError(str(error)) from error
        encoder = backend(options["backend"])
        with closing(VectorFile(settings.HOME_DIR / "vectors", encoder, self._tell_progress)) as vectors:
            found = [evaluate_set(labelled, encoder.id, vectors.embed) for labelled in sets]
        self._warn(found)
        run = {"engine": ENGINE_VERSION, "configuration": EXPERT.id, "backend": encoder.id}
        if options["json"]:
            content = {**run, "doc_field": options["doc_field"], "sets": [one.to_json() for one in found]}
            self.stdout.write(json.dumps(content, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("  ".join(f"{name} {value}" for name, value in run.items()))
            self.stdout.write(table(found))

    def _tell_progress(self, done: int, total: int) -> None:
        self.stderr.write(f"encoding {done} of {total} new texts", ending="\r" if self.stderr.isatty() else "\n")

    def _warn(self, found: list[Evaluation]) -> None:
        for evaluation in found:
            for warning in evaluation.warnings[:SHOWN_WARNINGS]:
                self.stderr.write(f"{evaluation.name}: {warning}")
            if (more := len(evaluation.warnings) - SHOWN_WARNINGS) > 0:
                self.stderr.write(f"{evaluation.name}: {more} more warnings; --json lists them all")


def table(found: list[Evaluation]) -> str:
    """The measures as an aligned table: a row a set, then a row for each language of its queries."""
    rows = [("set", "language", "queries", "documents", "nDCG@10", "recall@10", "MRR")]
    for evaluation in found:
        rows.append((evaluation.name, "all", *_cells(evaluation.overall, evaluation.documents)))
        rows += [("", language, *_cells(part, None)) for language, part in evaluation.by_language.items()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def _cells(measures: Measures, documents: int | None) -> tuple[str, str, str, str, str]:
    figures = (measures.ndcg, measures.recall, measures.reciprocal_rank)
    ndcg, recall, reciprocal_rank = (f"{figure:.3f}" for figure in figures)
    return str(measures.queries), "" if documents is None else str(documents), ndcg, recall, reciprocal_rank


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number
