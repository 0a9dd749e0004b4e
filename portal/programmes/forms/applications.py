"""Forms of whoever applies."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.common.forms import BaseForm
from portal.common.sections import LongText
from portal.common.templatetags.originals import user_text
from portal.programmes.models import Call

Data = Mapping[str, Any] | None


class SubjectForm(BaseForm):
    """Which of the reader's demands or solutions takes part."""

    subject = forms.ModelChoiceField(
        queryset=None, label=_("What do you apply with?"), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, call: Call, subjects: Any, data: Data = None) -> None:
        super().__init__(data)
        self.fields["subject"].queryset = subjects


class AnswersForm(BaseForm):
    """The call's questions. Nothing is required before it is submitted: half an answer is worth keeping."""

    language = forms.ChoiceField(label=_("Language of your answers"), choices=settings.LANGUAGES)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, application: Any, data: Data = None) -> None:
        super().__init__(data, initial={"language": application.language, "version": application.version})
        for question in application.call.questions.all():
            field = LongText(label=user_text(question, "text", note=False), max_length=6000, rows=5)
            field.initial = application.answers.get(str(question.pk), "")
            field.is_needed_later = question.is_required
            self.fields[f"question_{question.pk}"] = field

    @property
    def answers(self) -> dict[str, str]:
        found = self.cleaned_data.items()
        return {name.removeprefix("question_"): text for name, text in found if name.startswith("question_")}
