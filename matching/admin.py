"""A look at the matcher's records for administrators. Decisions have pages of their own; nothing is changed here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from matching.models import Decision, Introduction, Match, Ranking


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Decisions(admin.TabularInline):
    model = Decision
    can_delete = False
    max_num = 0
    readonly_fields = ("move", "from_state", "to_state", "by", "organisation", "at", "reason", "note")
    fields = readonly_fields


@admin.register(Match)
class MatchAdmin(ReadOnly):
    list_display = ("public_id", "state", "points", "band", "origin", "state_since")
    list_filter = ("state", "origin", "band")
    search_fields = ("public_id", "demand__public_id", "solution__public_id")
    inlines = (Decisions,)


@admin.register(Introduction)
class IntroductionAdmin(ReadOnly):
    list_display = ("match", "introduced_at", "outcome", "outcome_at")
    list_select_related = ("match__demand", "match__solution")


@admin.register(Ranking)
class RankingAdmin(ReadOnly):
    list_display = ("demand", "candidates", "eligible", "above_floor", "has_meaning", "config_version", "computed_at")
    list_filter = ("has_meaning", "config_version")
    list_select_related = ("demand",)
    # The stored lists are long JSON that the pages show in words.
    exclude = ("results", "near_misses", "solutions", "probabilities")
