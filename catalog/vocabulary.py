"""The committed vocabulary (catalog/data) and its way into the tables. No code is ever deleted: records point at it."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils import translation

from catalog.models import Criterion, FocusArea, ReferenceData, Topic
from portal.common.languages import CODES
from portal.common.translated import column

DATA = Path(__file__).parent / "data"


def read(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return rows


def fingerprint(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@transaction.atomic
def load_vocabulary() -> bool:
    """Bring focus areas, topics and criteria up to the committed files. Returns whether anything had to be done."""
    current = fingerprint(*DATA.rglob("*.json"))
    if ReferenceData.objects.filter(name="vocabulary", fingerprint=current).exists():
        return False
    with translation.override("en"):
        for row in read("focus_areas.json"):
            _store(FocusArea, row, {"order": row["order"]}, ("label", "description"))
        areas = {area.code: area for area in FocusArea.objects.all()}
        for code, area in areas.items():
            for row in read(f"topics/{code}.json"):
                row["synonyms"] = {language: "\n".join(words) for language, words in row["synonyms"].items()}
                plain = {"focus_area": area, **{k: row[k] for k in ("order", "sdg_targets", "cpv_divisions")}}
                _store(Topic, row, plain, ("label", "description", "synonyms"))
        for row in read("criteria.json"):
            plain = {k: row[k] or "" for k in ("order", "kind", "unit", "operator", "group")}
            _store(Criterion, row, plain, ("label", "help", "unit_label"))
    ReferenceData.objects.update_or_create(name="vocabulary", defaults={"fingerprint": current})
    return True


def _store(model: type[models.Model], row: dict[str, Any], plain: dict[str, Any], translated: tuple[str, ...]) -> None:
    texts = {column(name, code): (row.get(name) or {}).get(code, "") for name in translated for code in CODES}
    model._default_manager.update_or_create(code=row["code"], defaults={**plain, **texts})
