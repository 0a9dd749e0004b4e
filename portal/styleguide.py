"""What the style guide shows: sample sentences in seven languages, a form with errors, a worked explanation."""

import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.common import pseudo
from portal.common.cards import Explanation, PointsRow, Raise, Verdict, VerdictRow
from portal.common.forms import BaseForm, DateInput, NumberInput
from portal.common.languages import CODES
from portal.common.translated import column

# Samples of what people write, not strings of the interface: they stand here in each language, long on purpose.
SAMPLES = {
    "en": ("Cooler classrooms in twelve primary schools without rebuilding them",
           "In May and September the rooms reach 34 °C by noon. We look for measures that work in buildings in use."),
    "es": ("Aulas más frescas en doce escuelas primarias sin tener que reconstruirlas",
           "En mayo y septiembre las aulas alcanzan 34 °C al mediodía. Buscamos medidas para edificios en uso."),
    "fr": ("Des salles de classe plus fraîches dans douze écoles primaires, sans reconstruction",
           "En mai et en septembre, les salles atteignent 34 °C à midi. Quelles mesures pour des bâtiments occupés ?"),
    "pt": ("Salas de aula mais frescas em doze escolas primárias, sem as reconstruir",
           "Em maio e setembro as salas chegam a 34 °C ao meio-dia. Procuramos medidas para edifícios em uso."),
    "ko": ("재건축 없이 초등학교 열두 곳의 교실을 시원하게 만들기",
           "5월과 9월이면 정오에 교실 온도가 34 °C까지 올라갑니다. 사용 중인 건물에서 시행할 수 있는 대책을 찾습니다."),
    "ja": ("建て替えずに小学校12校の教室を涼しくする",
           "5月と9月には正午に教室が34 °Cに達します。使用中の建物でも実施できる対策を求めています。"),
    "zh-hans": ("不重建校舍，让十二所小学的教室更凉爽",
                "五月和九月，教室中午的温度会达到34 °C。我们寻找能在使用中的建筑里实施的措施。"),
}  # fmt: skip


class SampleState(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    PUBLISHED = "published", _("Published")
    CHANGES = "changes", _("Changes requested")
    REJECTED = "rejected", _("Rejected")

    @property
    def tone(self) -> str:
        tones = {"submitted": "info", "published": "success", "changes": "warning", "rejected": "danger"}
        return tones.get(self.value, "neutral")


class SampleForm(BaseForm):
    """One field of every kind."""

    prefix = "s"
    title = forms.CharField(
        label=_("Title"), max_length=240, help_text=_("What should be better afterwards, in one line.")
    )
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    problem = forms.CharField(label=_("The problem"), widget=forms.Textarea, required=False)
    people = forms.IntegerField(label=_("People served"), min_value=1, required=False)
    warranty = forms.DecimalField(label=_("Warranty"), widget=NumberInput(unit=_("years")))
    decision = forms.DateField(label=_("Decision expected on"), widget=DateInput(), required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", "–"), *SampleState.choices])
    stage = forms.ChoiceField(label=_("Project stage"), choices=SampleState.choices[:3], widget=forms.RadioSelect)
    topics = forms.MultipleChoiceField(
        label=_("Topics"), choices=SampleState.choices, required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--columns"}), help_text=_("Choose all that apply."),
    )  # fmt: skip
    terms = forms.BooleanField(label=_("I may speak for my organisation."))
    attachment = forms.FileField(label=_("Attachment"), required=False, help_text="PDF, 10 MB")

    def clean(self) -> dict[str, Any] | None:
        if self.cleaned_data.get("people") == 1:
            raise forms.ValidationError(_("A demand that serves one person is not one of a city."))
        return self.cleaned_data


class SampleFilter(BaseForm):
    search = forms.CharField(label=_("Search"), required=False)
    state = forms.MultipleChoiceField(
        label=_("State"), choices=SampleState.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


def sample_record(language: str) -> SimpleNamespace:
    """A record with a text in one language only, as an import brings it."""
    names = ("title", "problem")
    columns = {column(name, code): "" for name in names for code in CODES}
    columns |= {column(name, language): text for name, text in zip(names, SAMPLES[language], strict=True)}
    return SimpleNamespace(original_language=language, translations={}, **columns)


def sample_explanation(title: str) -> Explanation:
    return Explanation(
        score=68,
        band=SampleState.PUBLISHED,
        rows=[
            PointsRow(str(_("Topics")), 34, 40, asked=title, offered=title),
            PointsRow(str(_("Decision expected on")), 7.5, 10, asked="2027-03", offered="2026-11"),
            PointsRow(str(_("Warranty")), 30, 30, asked="10", offered="12"),
            PointsRow(str(_("Project stage")), -3.5, 8, asked=None, offered=title, detail=title),
            PointsRow(str(_("People served")), None, 20, asked="4800"),
        ],
        verdicts=[
            VerdictRow(str(_("Warranty")), Verdict.MET, "12 ≥ 10"),
            VerdictRow(str(_("Project stage")), Verdict.UNKNOWN),
            VerdictRow(str(_("Attachment")), Verdict.NOT_MET),
        ],
        unknowns=[str(_("People served"))],
        raises=[Raise(str(_("Project stage")), 5)],
        version="2026-01",
        computed_at=datetime.datetime(2026, 3, 14, 9, 30, tzinfo=datetime.UTC),
    )


def samples(request: HttpRequest) -> dict[str, Any]:
    """The context of the style guide page. `?state=` fills the filter, as on a real list."""
    language = get_language() or "en"
    title, text = SAMPLES[language]
    wrong = SampleForm({"s-title": "a\u202eb", "s-email": "nobody", "s-warranty": "1,2,3"})
    return {
        "title": title,
        "text": text,
        "pseudo_url": f"{pseudo.MOUNT}/en/styleguide/" if settings.PSEUDO_LOCALE else "",
        "states": list(SampleState),
        "form": SampleForm(initial={"title": title, "warranty": Decimal("12.5"), "people": 4800}, auto_id="plain_%s"),
        "wrong": wrong,
        "filter": SampleFilter(request.GET, auto_id="filter_%s"),
        "explanation": sample_explanation(title),
        "foreign": sample_record("ko" if language != "ko" else "ja"),
        "page_obj": Paginator(range(240), 20).get_page(request.GET.get("page", 6)),
        "moment": datetime.datetime(2026, 3, 14, 9, 30, tzinfo=datetime.UTC),
        "day": datetime.date(2026, 3, 14),
        "meta": ["Busan", "KR", "2026"],
        "consequences": [text, title],
    }
