"""Solutions from a file into the portal; docs/imports.md has the formats and examples."""

from portal.imports.commands import ImportCommand
from portal.imports.solutions import Solutions


class Command(ImportCommand):
    help = "Imports solutions from a CSV, XLSX, JSON Lines or JSON file, and reports row by row what was taken."
    subject_class = Solutions
