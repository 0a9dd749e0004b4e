"""What is wrong in one language or at one width only is found there, whatever was judged before it."""

from dataclasses import dataclass

import pytest
from django.templatetags.static import static

from tests.walk.room import Room
from tests.walk.test_walk import WIDTHS

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "ko", "ja", "zh-Hans", "fr")
PAGE = """<!doctype html><html lang="{language}"><head><title>Planted – UrbanLink</title>
<link rel="stylesheet" href="{style}"></head><body><a class="skip" href="#main">Skip</a>
<main id="main"><h1>Planted</h1>{part}</main></body></html>"""


@dataclass(frozen=True)
class Planted:
    """``bad`` stands on the page in ``language``, ``good`` in the others."""

    rule: str
    bad: str
    good: str = ""
    language: str = ""
    widths: tuple[int, ...] = WIDTHS


NARROW = "<style>@media (width > 320px) { .narrow { display: none } }</style>"
PALE = "<style>p:lang(ko) { color: #ccc; background: #fff }</style><p>So pale</p>"
PALE_NARROW = "<style>@media (width <= 320px) { p { color: #ccc; background: #fff } }</style><p>So pale</p>"
PALE_OVER = "<p>Under</p><p style='position: absolute; color: #aaa; inset-block-start: 300px'>So pale</p>"
SMALL = (
    "<style>b { display: flex } b > a { display: block; width: 9px; height: 9px; overflow: hidden }</style><b>%s</b>"
)
LINK = "<a href='/'>A</a>"
HIDDEN = (
    "<style>@media (width < 400px) { div { display: none } }</style><div aria-hidden='true'><a href='/'>A</a></div>"
)
UNNAMED, NAMED = (f"{NARROW}<button class='narrow'>{name}</button>" for name in ("", "A"))
CASES = {
    "a button without a name": Planted("button-name", UNNAMED, NAMED, "ja", (320,)),
    "a pale text": Planted("color-contrast", PALE, PALE, "ko"),
    "a pale text on phones": Planted("color-contrast", PALE_NARROW, widths=(320,)),
    "a pale text over another": Planted("color-contrast", PALE_OVER, PALE_OVER.replace("#aaa", "#111"), "fr"),
    "a list of other things": Planted("list", "<ul><p>A</p></ul>", "<ul><li>A</li></ul>", "zh-Hans"),
    "a stop that is not told of": Planted("aria-hidden-focus", HIDDEN, widths=(1280,)),
    "two targets too near": Planted("target-size", SMALL % (LINK * 2), SMALL % LINK, "fr"),
    "an attribute of no role": Planted("aria-allowed-attr", "<p aria-checked='true'>A</p>", "<p>A</p>", "ja"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_wrong_in_one_language_at_one_width_is_found_there(case: Planted, rooms: tuple[Room, Room]) -> None:
    found = set()
    for language in LANGUAGES:
        part = case.bad if language == case.language or not case.language else case.good
        html = PAGE.format(language=language, style=static("portal/app.css"), part=part)
        for where, problems in rooms[0].judge(html, language, False, WIDTHS).items():
            found |= {(language, where) for text in problems if text.startswith(f"axe {case.rule} ")}
    languages = [case.language] if case.language else LANGUAGES
    assert found == {(language, f"{width}px") for language in languages for width in case.widths}
