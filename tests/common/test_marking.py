"""What differs between two versions of a text."""

import pytest
from django.utils.safestring import SafeString

from portal.common.marking import MOST_PARTS, marked


@pytest.mark.parametrize(
    ("was", "now", "old", "new"),
    [
        ("Light as a service", "Light as a service", "Light as a service", "Light as a service"),
        ("Ten lamps a day.", "Sixty lamps a day.", "<del>Ten</del> lamps a day.", "<ins>Sixty</ins> lamps a day."),
        ("Fast. Cheap.", "Fast. Very cheap.", "Fast. <del>Cheap</del>.", "Fast. <ins>Very cheap</ins>."),
        (
            "가로등을 교체합니다",
            "가로등을 수리합니다",
            "가로등을 <del>교체</del>합니다",
            "가로등을 <ins>수리</ins>합니다",
        ),
        ("a < b", "a < c", "a &lt; <del>b</del>", "a &lt; <ins>c</ins>"),
    ],
)
def test_only_what_differs_is_marked(was: str, now: str, old: str, new: str) -> None:
    assert marked(was, now) == (old, new)


def test_marks_stay_within_paragraphs() -> None:
    old, new = marked(SafeString("<p>One.</p>"), SafeString("<p>One.</p><p>Two.</p>"))
    assert (old, new) == ("<p>One.</p>", "<p>One.</p><p><ins>Two.</ins></p>")


def test_text_of_a_provider_cannot_bring_tags() -> None:
    assert "<script" not in "".join(marked("<script>x</script>", "<script>y</script>"))


def test_very_long_texts_are_shown_unmarked() -> None:
    assert marked("a " * MOST_PARTS, "b") == ("a " * MOST_PARTS, "b")
