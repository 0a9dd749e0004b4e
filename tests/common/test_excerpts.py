"""The beginnings of texts in lists."""

import pytest

from portal.common.excerpts import excerpt


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("Renew the street lights", 23, "Renew the street lights"),
        ("Renew the street lights", 20, "Renew the street…"),
        ("Renew the street, soon", 18, "Renew the street…"),
        ("Ahorrar energía del alumbrado", 20, "Ahorrar energía del…"),
        ("기후 위기로 여름 교실이 너무 덥습니다", 15, "기후 위기로 여름 교실이…"),
        ("老城区的燃煤锅炉供热污染严重", 8, "老城区的燃煤锅…"),
        ("LED 老城区的燃煤锅炉供热污染严重", 12, "LED 老城区的燃煤锅…"),
    ],
)
def test_excerpt_is_cut_between_words_where_there_are_any(text: str, most: int, shown: str) -> None:
    assert excerpt(text, most) == shown
