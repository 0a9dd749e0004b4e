"""Organisations, solutions and demands of the demo, written through the same actions as everybody's."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from catalog.enums import ReviewCriterion
from catalog.listing_actions import archive_solution, review_solution, suspend_solution
from catalog.models import Criterion, FocusArea, Provider, Solution, Topic
from catalog.provider_actions import register_provider
from catalog.writing_actions import (
    create_solution,
    edit_solution,
    set_capabilities,
    set_claims,
    set_references,
    submit_solution,
)
from catalog.writing_actions import refresh_search as index_solution
from cities.actions import (
    create_demand,
    direct_demand,
    edit_demand,
    publish_demand,
    register_public_body,
    reject_demand,
    request_changes,
    set_requirements,
    submit_demand,
)
from cities.actions import refresh_search as index_demand
from cities.models import City, Demand
from portal.accounts.actions import verify_organisation
from portal.accounts.models import Organisation, User
from portal.common.translated import column
from portal.embedded.demo.content import Row
from portal.embedded.demo.people import People

TEXTS_OF_SOLUTION = ("tagline", "solves", "how_it_works", "not_suitable")
PLAIN_OF_SOLUTION = (
    "trl",
    "deployments",
    "regions",
    "languages",
    "city_population_min",
    "city_population_max",
    "lead_time_months",
    "business_models",
)
PLAIN_OF_DEMAND = (
    "people_served",
    "stage",
    "budget_certainty",
    "finance_route",
    "business_models",
    "procurement_route",
    "languages",
    "languages_required",
    "site",
    "indicator",
    "indicator_baseline",
    "indicator_target",
    "scale_unit",
    "currency",
)


class Records:
    """Writes the records; ``users`` maps an organisation's pk to the person who speaks for it."""

    def __init__(self, people: People, moderator: User) -> None:
        self.people, self.moderator = people, moderator
        self.users: dict[int, User] = {}
        self.areas = {area.code: area for area in FocusArea.objects.all()}
        self.topics = {topic.code: topic for topic in Topic.objects.all()}
        self.criteria = {criterion.code: criterion for criterion in Criterion.objects.all()}

    # --- providers and solutions -----------------------------------------------------------------------------------

    def provider(self, row: Row, local: str) -> Provider:
        user = self.people.member(local, row["language"])
        provider = register_provider(
            by=user,
            name=row["name"],
            country=row["country"],
            kind=row["kind"],
            website=row["website"],
            description=row["description"],
            language=row["language"],
            regions=row["regions"],
            languages=row["languages"],
        )
        if row["state"] == "verified":
            self._verify(provider.organisation)
        self.users[provider.organisation_id] = user
        Organisation.objects.filter(pk=provider.organisation_id).update(is_demo=True)
        provider.is_demo = True
        provider.partnership, provider.partner_since = row["partnership"], row["partner_since"]
        provider.description_en = row["description_en"]
        provider.save(update_fields=["is_demo", "partnership", "partner_since", "description_en"])
        return provider

    def _verify(self, organisation: Organisation) -> None:
        verify_organisation(by=self.moderator, organisation=organisation, how="known")

    def solution(self, row: Row, provider: Provider) -> Solution:
        user = self.users[provider.organisation_id]
        solution = create_solution(by=user, provider=provider, language=row["language"], name=row["name"])
        Solution.objects.filter(pk=solution.pk).update(is_demo=True)
        solution = edit_solution(by=user, solution=solution, changes=self._solution_changes(row))
        set_capabilities(by=user, solution=solution, rows=[self._capability(item) for item in row["capabilities"]])
        set_claims(by=user, solution=solution, rows=[self._claim(item) for item in row["claims"]])
        set_references(by=user, solution=solution, rows=[self._reference(item) for item in row["references"]])
        self._add_english(solution, row, ("name", "tagline"))
        return self._bring_solution_to(solution, row["state"], user)

    def _solution_changes(self, row: Row) -> dict[str, Any]:
        changes = {name: row[name] for name in (*TEXTS_OF_SOLUTION, *PLAIN_OF_SOLUTION)}
        changes |= self._focus(row)
        changes |= {name: _decimal(row[name]) for name in ("quantity_min", "quantity_max", "cost_min", "cost_max")}
        changes |= {
            "scale_unit": row["scale_unit"] or "",
            "currency": row["currency"] or "",
            "cost_basis": row["cost_basis"] or "",
        }
        return changes | {"expires_on": timezone.localdate() + timedelta(days=365)}

    def _focus(self, row: Row) -> dict[str, Any]:
        return {
            "focus_area": self.areas[row["focus_area"]],
            "more_focus_areas": [self.areas[code] for code in row["more_focus_areas"]],
            "topics": [self.topics[code] for code in row["topics"]],
        }

    def _capability(self, item: Row) -> Row:
        value = item["value"]
        is_flag = isinstance(value, bool)
        return {
            "criterion": self.criteria[item["criterion"]],
            "grade": item["grade"],
            "flag": value if is_flag else None,
            "number": None if is_flag else Decimal(str(value)),
        }

    def _claim(self, item: Row) -> Row:
        names = ("dimension", "statement", "grade")
        return {
            **{name: item[name] for name in names},
            "indicator": item.get("indicator") or "",
            "unit": item.get("unit") or "",
            "method": (item.get("method") or "")[:300],
            "value": _decimal(item.get("value")),
        }

    def _reference(self, item: Row) -> Row:
        confirmed = item["grade"] in ("city_confirmed", "third_party_verified")
        return {
            **{name: item[name] for name in ("geonames_id", "city_name", "country", "status", "grade")},
            "started_on": _month(item.get("started")),
            "ended_on": _month(item.get("ended")),
            "results": item.get("results") or "",
            "lessons": item.get("lessons") or "",
            "cost": _decimal(item.get("cost")),
            "currency": item.get("currency") or "",
            "confirmed_by": "city.example" if confirmed else "",
            "confirmed_at": timezone.now() if confirmed else None,
        }

    def _bring_solution_to(self, solution: Solution, state: str, user: User) -> Solution:
        if state == "draft":
            return solution
        solution = submit_solution(by=user, solution=solution)
        if state == "submitted":
            return solution
        marks = dict.fromkeys(ReviewCriterion.values, 4)
        if state == "changes_requested":
            comment = (
                "Please add at least one reference with figures, and say in which cities the solution does not suit."
            )
            return review_solution(
                by=self.moderator, solution=solution, marks={**marks, "evidence": 1}, comment=comment, approve=False
            )
        solution = review_solution(by=self.moderator, solution=solution, marks=marks, comment="", approve=True)
        if state == "suspended":
            return suspend_solution(by=self.moderator, solution=solution, reason="evidence_doubted")
        return archive_solution(by=user, solution=solution) if state == "archived" else solution

    # --- demands ---------------------------------------------------------------------------------------------------

    def demand(self, row: Row, local: str) -> Demand:
        city = City.objects.get(geonames_id=row["geonames_id"])
        user = self.people.member(local, row["language"])
        body = register_public_body(by=user, city=city, name=row["body"], department=row["department"] or "")
        self._verify(body.organisation)
        Organisation.objects.filter(pk=body.organisation_id).update(is_demo=True)
        self.users[body.organisation_id] = user
        demand = create_demand(
            by=user,
            organisation=Organisation.objects.get(pk=body.organisation_id),
            language=row["language"],
            title=row["title"],
        )
        Demand.objects.filter(pk=demand.pk).update(is_demo=True)
        demand = edit_demand(by=user, demand=demand, changes=self._demand_changes(row))
        set_requirements(by=user, demand=demand, rows=[self._requirement(item) for item in row["requirements"]])
        self._add_english(demand, row, ("title", "summary"))
        return self._bring_demand_to(demand, row["state"], user)

    def _demand_changes(self, row: Row) -> dict[str, Any]:
        changes = {name: row[name] for name in ("summary", "problem", "outcome")} | self._focus(row)
        changes |= {name: row[name] if row[name] is not None else _empty(name) for name in PLAIN_OF_DEMAND}
        changes |= {name: _decimal(row[name]) for name in ("quantity", "budget_min", "budget_max")}
        for name, months in (
            ("decision_on", "decision_in_months"),
            ("start_on", "start_in_months"),
            ("operation_on", "operation_in_months"),
        ):
            changes[name] = timezone.localdate() + timedelta(days=30 * row[months]) if row[months] is not None else None
        return changes

    def _requirement(self, item: Row) -> Row:
        return {
            "criterion": self.criteria[item["criterion"]],
            "is_mandatory": item["mandatory"],
            "number": _decimal(item["number"]),
        }

    def _bring_demand_to(self, demand: Demand, state: str, user: User) -> Demand:
        if state == "draft":
            return demand
        demand = submit_demand(by=user, demand=demand)
        if state == "submitted":
            return demand
        if state == "changes_requested":
            return request_changes(
                by=self.moderator,
                demand=demand,
                note="Please describe the need without naming a product, and add today’s figures.",
            )
        if state == "rejected":
            return reject_demand(by=self.moderator, demand=demand, reason="not_a_need")
        if state == "withdrawn":
            return direct_demand(by=user, demand=demand, move="withdraw")
        demand = publish_demand(by=self.moderator, demand=demand)
        if state == "on_hold":
            return direct_demand(by=user, demand=demand, move="hold")
        return demand

    @staticmethod
    def _add_english(record: Any, row: Row, names: tuple[str, ...]) -> None:
        """English titles that a person translated, so that the lists can be read by everybody who tries the demo."""
        if row["language"] == "en":
            return
        for name in names:
            setattr(record, column(name, "en"), row[f"{name}_en"])
            record.translations.setdefault(name, {})["en"] = "human"
        record.save(update_fields=[*(column(name, "en") for name in names), "translations"])
        (index_demand if isinstance(record, Demand) else index_solution)(record)


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _empty(name: str) -> Any:
    return {"people_served": None, "business_models": [], "languages": [], "languages_required": False}.get(name, "")


def _month(text: str | None) -> Any:
    return None if not text else f"{text}-01"[:10]
