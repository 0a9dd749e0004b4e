"""Focus areas and topics, which demands and solutions state in the same way."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models import FocusArea, Topic
from portal.common.sections import SectionForm

MAX_FURTHER_AREAS = 2
MAX_TOPICS = 5


class FocusForm(SectionForm):
    slug, heading = "focus", _("Focus areas")
    needed = ("focus_area",)

    focus_area = forms.ChoiceField(
        label=_("Main focus area"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Choose the one that fits best."),
    )
    more_focus_areas = forms.MultipleChoiceField(
        label=_("Further focus areas"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At most two more, only if it really belongs there too."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = [(area.code, area.label) for area in FocusArea.objects.all()]
        self.fields["focus_area"].choices = self.fields["more_focus_areas"].choices = areas

    def _stored(self, name: str) -> Any:
        if name == "focus_area":
            return self.record.focus_area.code if self.record.focus_area else ""
        return [area.code for area in self.record.more_focus_areas.all()]

    def clean_more_focus_areas(self) -> list[str]:
        chosen: list[str] = [
            code for code in self.cleaned_data["more_focus_areas"] if code != self.cleaned_data.get("focus_area")
        ]
        if len(chosen) > MAX_FURTHER_AREAS:
            raise ValidationError(gettext("Choose at most two further focus areas."))
        if chosen and not self.cleaned_data.get("focus_area"):
            raise ValidationError(gettext("Choose the main focus area first."))
        return chosen

    def changes(self) -> dict[str, Any]:
        """Topics of areas that were taken away go with them: a topic always belongs to an area of the record."""
        areas = FocusArea.objects.in_bulk(field_name="code")
        main, further = self.cleaned_data["focus_area"], self.cleaned_data["more_focus_areas"]
        left = {areas[code].pk for code in (main, *further) if code}
        kept = [topic for topic in self.record.topics.all() if topic.focus_area_id in left]
        return {
            "focus_area": areas.get(main),
            "more_focus_areas": [areas[code] for code in further],
            "topics": kept,
            "focus_guessed": False,
        }


class TopicsForm(SectionForm):
    slug, heading = "topics", _("Topics")

    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose what it is about, five at most. What has the same topics is matched first."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for topic in self._offered():
            groups.setdefault(topic.focus_area.label, []).append((topic.code, topic.label))
        self.fields["topics"].choices = list(groups.items())

    def _offered(self) -> Any:
        record = self.record
        areas = [area for area in (record.focus_area, *record.more_focus_areas.all()) if area]
        return Topic.objects.filter(focus_area__in=areas).select_related("focus_area")

    def _stored(self, name: str) -> Any:
        return [topic.code for topic in self.record.topics.all()]

    def clean_topics(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["topics"]
        if len(chosen) > MAX_TOPICS:
            raise ValidationError(gettext("Choose at most five topics."))
        return chosen

    def changes(self) -> dict[str, Any]:
        return {"topics": list(Topic.objects.filter(code__in=self.cleaned_data["topics"])), "focus_guessed": False}
