"""Explain a pair in the terminal as its page does: for support, for documents, and where there is no browser."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from catalog.models import Solution
from cities.models import Demand
from matching.explain import explain
from matching.explained_text import explained_text
from matching.ranking import score_pair
from matching.words import Words


class Command(BaseCommand):
    help = "Prints why a demand and a solution score what they score, by the weights in force."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("demand", help="public id of the demand, such as D-7KQ2M4")
        parser.add_argument("solution", help="public id of the solution")
        parser.add_argument("--language", default="en", choices=[code for code, _name in settings.LANGUAGES])

    def handle(self, *args: Any, **options: Any) -> None:
        demand = Demand.objects.filter(public_id=options["demand"]).first()
        solution = Solution.objects.filter(public_id=options["solution"]).first()
        if demand is None or solution is None:
            missing = options["demand" if demand is None else "solution"]
            raise CommandError(f"There is no {missing}. The id stands in the address of its page.")
        columns = score_pair(demand, solution)
        with translation.override(options["language"]):
            self.stdout.write(explained_text(explain(columns["result"], Words()), options["language"]))
