"""Demands from a file into the portal; docs/imports.md has the formats and examples."""

from portal.imports.commands import ImportCommand
from portal.imports.demands import Demands


class Command(ImportCommand):
    help = "Imports demands from a CSV, XLSX, JSON Lines, JSON or OCDS file, and reports row by row what was taken."
    subject_class = Demands
