"""Catalogues are compiled when newer, whole or not at all."""

import gettext
import os
from pathlib import Path

import pytest

from portal.embedded.catalogues import compile_stale
from portal.embedded.processes import Failed

SOURCE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "City"
msgstr "도시"

#, fuzzy
msgid "Demand"
msgstr "아마도"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "ko" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(SOURCE, encoding="utf-8")
    return path


def test_new_catalogue_is_compiled_without_its_fuzzy_entries(source: Path, tmp_path: Path) -> None:
    assert compile_stale(tmp_path) == [source.with_suffix(".mo")]
    with source.with_suffix(".mo").open("rb") as compiled:
        read = gettext.GNUTranslations(compiled)
    assert (read.gettext("City"), read.gettext("Demand")) == ("도시", "Demand")


def test_current_catalogue_is_left_alone_and_a_changed_one_compiled_again(source: Path, tmp_path: Path) -> None:
    compile_stale(tmp_path)
    assert compile_stale(tmp_path) == []
    after = source.with_suffix(".mo").stat().st_mtime_ns + 1_000_000_000
    os.utime(source, ns=(after, after))
    assert compile_stale(tmp_path) == [source.with_suffix(".mo")]


def test_broken_catalogue_is_named_and_leaves_the_old_one(source: Path, tmp_path: Path) -> None:
    compile_stale(tmp_path)
    before = source.with_suffix(".mo").read_bytes()
    source.write_text("<<<<<<< HEAD\n" + SOURCE, encoding="utf-8")
    after = source.stat().st_mtime_ns + 5_000_000_000
    os.utime(source, ns=(after, after))
    with pytest.raises(Failed, match=r"django\.po"):
        compile_stale(tmp_path)
    assert source.with_suffix(".mo").read_bytes() == before
    assert [path.name for path in source.parent.iterdir() if path.name.startswith(".")] == []
