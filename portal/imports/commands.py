"""What `import_demands` and `import_solutions` share."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.common.errors import DomainError
from portal.common.languages import CODES
from portal.imports.files import Table, read_file
from portal.imports.mapping import ColumnMapping, GuessLanguage, Spec, by_names, check_headers, completed, read_mapping
from portal.imports.report import Report, summary, write_report
from portal.imports.running import Options, Run
from portal.imports.subjects import Subject

MAPPINGS = Path(__file__).parent / "mappings"


class ImportCommand(BaseCommand):
    """Reads a file, writes its rows, reports. Ends with 1 and writes nothing where the file cannot be taken."""

    subject_class: type[Subject[Any, Any]]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, XLSX, JSON Lines, a JSON list or an OCDS release package")
        parser.add_argument("--mapping", help="a mapping file, or the name of one that comes with the portal")
        parser.add_argument("--source", default="", help="name of the source, where the file does not say it")
        parser.add_argument("--licence", default="", help="licence of the records, where the file does not say it")
        parser.add_argument("--sheet", default="", help="name of the sheet; else the first")
        parser.add_argument("--encoding", default="", help="encoding of a text file that is neither UTF-8 nor UTF-16")
        parser.add_argument(
            "--guess-language",
            choices=["missing", "always"],
            help="tell the language from the text: only where it is missing, or always",
        )
        parser.add_argument("--dry-run", action="store_true", help="check and report everything, write nothing")
        parser.add_argument("--no-match", action="store_true", help="do not match afterwards")
        parser.add_argument("--report", type=Path, help="where the report goes; .csv or .json for only one of them")
        parser.add_argument(
            "--language", choices=CODES, default="en", help="language of the messages and of the report"
        )

    def handle(self, *args: object, **options: Any) -> None:
        with translation.override(options["language"]):
            try:
                self._import(options)
            except DomainError as error:
                raise CommandError(error.message) from error

    def _import(self, options: dict[str, Any]) -> None:
        table = read_file(options["file"], sheet=options["sheet"], encoding=options["encoding"])
        subject = self.subject_class()
        mapping = _mapping(table, subject, options)
        report = Report(_about(table, options), check_headers(mapping, table.headers, subject.schema))
        guess = cast("GuessLanguage | None", options["guess_language"])
        run = Run(subject, table, mapping, report, Options(options["dry_run"], not options["no_match"], guess))
        try:
            run.run(self._progress if options["verbosity"] > 1 else lambda _done: None)
        finally:
            if report.started:
                self._tell(report, options)

    def _progress(self, done: int) -> None:
        if not done % 500:
            self.stdout.write(f"{done} …")

    def _tell(self, report: Report, options: dict[str, Any]) -> None:
        # The file first: a terminal that was closed must not cost the report.
        written = write_report(report, options["report"] or _default_report(options["file"]))
        lines = summary(report)
        if options["dry_run"]:
            lines.append(_("This was a dry run: nothing was written."))
        for line in [*lines, *(_("Report: %(file)s") % {"file": path} for path in written)]:
            self.stdout.write(line)


def _mapping(table: Table, subject: Subject[Any, Any], options: dict[str, Any]) -> ColumnMapping:
    """The mapping asked for, or that of a known format; what it leaves open goes by the names of the headers."""
    schema = subject.schema
    named = options["mapping"] or (f"ocds_{schema.name}s" if table.format == "ocds" else "")
    known = by_names(table.headers, schema)
    mapping = completed(read_mapping(_mapping_path(named), schema), known.base.columns) if named else known
    said = {"source": options["source"], "licence": options["licence"]}
    told = {"source": table.about.get("publisher", ""), "licence": table.about.get("licence", "")}
    constants = {name: Spec(const=said[name] or told[name]) for name in said if said[name] or told[name]}
    return completed(mapping, constants)


def _mapping_path(name: str) -> Path:
    shipped = MAPPINGS / f"{name}.json"
    return shipped if shipped.exists() else Path(name)


def _about(table: Table, options: dict[str, Any]) -> dict[str, Any]:
    return {
        "file": table.name, "format": table.format, "sha256": table.sha256, "mapping": options["mapping"] or "",
        "is_dry_run": options["dry_run"], "language": options["language"],
    }  # fmt: skip


def _default_report(file: Path) -> Path:
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    return Path(settings.HOME_DIR) / "imports" / f"{file.stem}-{stamp}"
