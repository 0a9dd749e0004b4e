"""The back office for the vocabulary. Everything else has a page of its own."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin

from catalog.models import Criterion, FocusArea, Topic
from catalog.rules import can_edit_vocabulary
from catalog.vocabulary_actions import edit_vocabulary
from portal.common.languages import LANGUAGES


class VocabularyAdmin(TranslationAdmin):
    """Words and order may change; codes never do, and nothing is added or taken away by hand: records point at it."""

    texts: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ("code",)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> list[tuple[str | None, dict[str, Any]]]:
        """The facts, then a group for each language that opens without a script."""
        groups = [
            (
                language.endonym,
                {"fields": [f"{name}_{language.suffix}" for name in self.texts], "classes": ["collapse"]},
            )
            for language in LANGUAGES
        ]
        return [(None, {"fields": [*self.fixed, *self.facts]}), *groups]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return self.fixed

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can_edit_vocabulary(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return can_edit_vocabulary(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return can_edit_vocabulary(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        """On the road of every write: audited, and only what may be changed by hand."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        edit_vocabulary(by=request.user, entry=obj, changes=changes)


@admin.register(FocusArea)
class FocusAreaAdmin(VocabularyAdmin):
    list_display = ("code", "label", "order")
    texts = ("label", "description")
    facts = ("order",)


@admin.register(Topic)
class TopicAdmin(VocabularyAdmin):
    list_display = ("code", "label", "focus_area", "order")
    list_filter = ("focus_area",)
    search_fields = ("code", "label")
    list_select_related = ("focus_area",)
    texts = ("label", "description", "synonyms")
    facts = ("order", "sdg_targets", "cpv_divisions")
    fixed = ("code", "focus_area")


@admin.register(Criterion)
class CriterionAdmin(VocabularyAdmin):
    list_display = ("code", "label", "kind", "unit", "group")
    list_filter = ("group", "kind")
    search_fields = ("code", "label")
    texts = ("label", "help", "unit_label")
    facts = ("order",)
    fixed = ("code", "kind", "operator", "unit", "group")
