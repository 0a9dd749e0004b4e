"""Print the demo's accounts, if they are there."""

from django.core.management.base import BaseCommand

from portal.accounts.models import User
from portal.embedded.demo.people import DOMAIN, PASSWORD, accounts


class Command(BaseCommand):
    help = "Prints the accounts of the demo, one for each role, and their password."

    def handle(self, *args: object, **options: object) -> None:
        known = set(User.objects.filter(email__endswith=f"@{DOMAIN}").values_list("email", flat=True))
        rows = [(role, email) for role, email in accounts() if email in known]
        if not rows:
            self.stdout.write("No demo accounts here.")
            return
        for role, email in rows:
            self.stdout.write(f"  {role:<26} {email}")
        self.stdout.write(f"  {'Password of all':<26} {PASSWORD}")
