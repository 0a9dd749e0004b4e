"""The way back: everything that runs have generated, but their trace, which takes no deletion, and vectors."""

from allauth.account.models import EmailAddress
from django.db import connection, models, transaction

from catalog.models import Capability, Claim, Provider, Reference, Solution
from cities.models import Demand, PublicBody, Requirement
from matching.models import Decision, Exposure, Introduction, Match, Message, Ranking
from portal.accounts.models import Membership, Organisation, StaffRole, User
from portal.embedded.generated.run import Say, record_run
from portal.embedded.generated.world import DOMAIN, SOURCE
from portal.notices.models import Notice

# What was generated, by name of a temporary table, each found by those before it.
FOUND = {
    "gone_user": "SELECT id FROM accounts_user WHERE email LIKE %(address)s",
    "gone_organisation": "SELECT DISTINCT organisation_id AS id FROM accounts_membership "
    "JOIN gone_user ON gone_user.id = user_id",
    "gone_demand": "SELECT id FROM cities_demand WHERE source = %(source)s "
    "OR organisation_id IN (SELECT id FROM gone_organisation)",
    "gone_solution": "SELECT s.id FROM catalog_solution s JOIN catalog_provider p ON p.id = s.provider_id "
    "JOIN gone_organisation o ON o.id = p.organisation_id",
    "gone_match": "SELECT id FROM matching_match WHERE demand_id IN (SELECT id FROM gone_demand)",
    "gone_introduction": "SELECT id FROM matching_introduction WHERE match_id IN (SELECT id FROM gone_match)",
}
# Table, column, whose; what hangs on others first. Foreign keys are checked at the end of the transaction.
DELETED: tuple[tuple[type[models.Model], str, str], ...] = (
    (Message, "introduction_id", "introduction"),
    (Introduction, "id", "introduction"),
    (Decision, "match_id", "match"),
    (Match, "id", "match"),
    (Ranking, "demand_id", "demand"),
    (Exposure, "solution_id", "solution"),
    (Requirement, "demand_id", "demand"),
    (Demand.topics.through, "demand_id", "demand"),
    (Demand.more_focus_areas.through, "demand_id", "demand"),
    (Capability, "solution_id", "solution"),
    (Claim, "solution_id", "solution"),
    (Reference, "solution_id", "solution"),
    (Solution.topics.through, "solution_id", "solution"),
    (Solution.more_focus_areas.through, "solution_id", "solution"),
    (Demand, "id", "demand"),
    (Solution, "id", "solution"),
    (Notice, "recipient_id", "user"),
    (PublicBody, "organisation_id", "organisation"),
    (Provider, "organisation_id", "organisation"),
    (Membership, "organisation_id", "organisation"),
    (Organisation, "id", "organisation"),
    (EmailAddress, "user_id", "user"),
    (StaffRole, "user_id", "user"),
    (User, "id", "user"),
)


def remove(say: Say) -> None:
    """Raises IntegrityError, and removes nothing, where records of people hang on what was generated."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for name, query in FOUND.items():
                values = {"address": f"%@{DOMAIN}", "source": SOURCE}
                cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
                cursor.execute(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}", values)
                cursor.execute(f"CREATE INDEX ON {name} (id)")
                cursor.execute(f"ANALYZE {name}")
            count = sum(_delete(cursor, *one) for one in DELETED)
        record_run("records.remove", rows=count)
    say(f"{count} rows removed")


def _delete(cursor: object, model: type[models.Model], column: str, whose: str) -> int:
    table = model._meta.db_table
    cursor.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM gone_{whose})")  # type: ignore[attr-defined]  # noqa: S608
    return int(cursor.rowcount)  # type: ignore[attr-defined]
