"""Fill an empty portal with the demo."""

from django.core.management.base import BaseCommand

from portal.embedded.demo.load import load_demo
from portal.guidance.sample_actions import is_empty


class Command(BaseCommand):
    help = "Loads the demo into an empty database; does nothing where there is anything already."

    def handle(self, *args: object, **options: object) -> None:
        if not is_empty():
            self.stdout.write("demo: there are records already, nothing done")
            return
        load_demo(self.stdout.write)
