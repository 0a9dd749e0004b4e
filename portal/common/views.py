"""Small mechanics that every view shares: answering a form, refusing one, turning a page."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from portal.common.languages import BY_CODE
from portal.common.pagination import InOneLook, KeysFirst
from portal.common.translated import shown, text_languages

PER_PAGE = 20


def render_form(
    request: HttpRequest,
    template: str,
    form: BaseForm | BaseFormSet | Sequence[BaseForm | BaseFormSet],
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show a form; one that was sent and is not valid answers 422 with an error summary and `Error:` in the title.

    ``form`` may be several; the first one is `form` in the template, all are `forms`. Errors appear in their order.
    """
    forms = list(form) if isinstance(form, (list, tuple)) else [form]
    wrong = [one for one in forms if one.is_bound and not one.is_valid()]
    merged = {"form": forms[0], "forms": forms, "page_has_errors": bool(wrong), "error_forms": wrong, **(context or {})}
    return render(request, template, merged, status=422 if wrong else 200)


class FormErrors422:
    """For class views with a form: the invalid form answers as `render_form` does."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        context = self.get_context_data(form=form, page_has_errors=True, error_forms=[form])  # type: ignore[attr-defined]
        return self.render_to_response(context, status=422)  # type: ignore[attr-defined]


def reading_context(request: HttpRequest, record: Any, name: str) -> dict[str, Any]:
    """Of a page that shows one record: ``?text=ko`` shows its texts in Korean, whatever the language of the page.

    ``name`` is the text whose translations stand for the record's: its title.
    """
    asked = request.GET.get("text", "")
    language = asked if asked in BY_CODE else get_language() or "en"
    languages = text_languages(record, name)
    # Where there is no translation at all, that is said once.
    return {
        "text_language": language,
        "title_shown": shown(record, name, language),
        "text_languages": languages,
        "has_notes": len(languages) > 1,
    }


def turn_page(request: HttpRequest, records: Any, *, per_page: int = PER_PAGE, count: int | None = None) -> Page:
    """The page that `?page=` names; what is not a number is page 1, what is too high is the last page."""
    return KeysFirst(records, per_page, known_count=count).get_page(request.GET.get("page"))


def turn_filtered_page(request: HttpRequest, records: QuerySet) -> Page:
    """The same of what filters leave of a table that may be large."""
    return InOneLook(records, PER_PAGE).get_page(request.GET.get("page"))
