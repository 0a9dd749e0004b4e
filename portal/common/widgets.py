"""Widgets for answers that are too many for a list of choices."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms


class SuggestInput(forms.TextInput):
    """A text box with suggestions; what is not among them may be typed too. Works as a plain box everywhere."""

    template_name = "django/forms/widgets/suggest.html"

    def __init__(self, suggest: Callable[[], Iterable[str]], attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.suggest = suggest

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        list_id = f"{(attrs or {}).get('id', name)}_list"
        context = super().get_context(name, value, {**(attrs or {}), "list": list_id})
        context["widget"] |= {"list_id": list_id, "suggestions": list(self.suggest())}
        return context
