"""`manage.py sweep_jobs`, which also knows the kinds of tests.faults.poison."""

import django

if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    from tests.faults import poison  # noqa: F401

    call_command("sweep_jobs")
