"""The first administrator of an empty portal."""

import getpass
import os
from argparse import ArgumentParser

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from portal.accounts.actions import grant_staff_role
from portal.accounts.enums import StaffRoleKind
from portal.accounts.models import User
from portal.audit.actions import record


class Command(BaseCommand):
    help = "Creates an administrator. The password is asked for, or read from the variable ADMINISTRATOR_PASSWORD."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")

    def handle(self, *args: object, **options: object) -> None:
        email = str(options["email"]).strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is not an e-mail address.") from None
        if User.objects.filter(email=email).exists():
            raise CommandError(f"{email} has an account already.")
        user = User(email=email, name=str(options["name"] or email.partition("@")[0]), is_staff=True, is_superuser=True)
        password = os.environ.get("ADMINISTRATOR_PASSWORD") or getpass.getpass("Password: ")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        user.set_password(password)
        with transaction.atomic():
            user.save(force_insert=True)
            EmailAddress(user=user, email=email, verified=True, primary=True).save(force_insert=True)
            record(by="command", action="user.create_administrator", subject=user)
            for role in (StaffRoleKind.ADMINISTRATOR, StaffRoleKind.MODERATOR):
                grant_staff_role(by="command", user=user, role=role)
        self.stdout.write(f"{email} is an administrator and a moderator.")
