"""What each page weighs, kept in `var/pages.json` and, as a table for people, in `var/pages.md`.

Each slice of the walk writes what it measured into the same file, under a lock: the workers share them.
"""

import fcntl
import json
import platform
import subprocess
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import brotli
from django.conf import settings

CHECKOUT = Path(__file__).resolve().parent.parent.parent
OUT = CHECKOUT / "var"
HEAD = "| Page | Language | HTML | Rest | Requests | LCP ms | CLS |\n|---|---|--:|--:|--:|--:|--:|\n"


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes on the wire: of the HTML as it is sent, of all other files packed by brotli, as browsers ask for them."""

    page: str
    language: str
    html: int
    css: int
    js: int
    rest: int
    requests: int
    lcp: int
    cls: float

    @property
    def over(self) -> list[str]:
        """What is above its budget. LCP has none here: it says how busy the machine is."""
        html = 40_000 if self.page.startswith(("matching:gap", "styleguide")) else 30_000
        limits = {"html": html, "css": 15_000, "js": 30_000, "rest": 50_000, "requests": 10, "cls": 0.05}
        given = asdict(self)
        return [f"{name} {given[name]} over {limit}" for name, limit in limits.items() if given[name] > limit]


@cache
def packed_size(path: str) -> int:
    """Of a static file, by the address that the page has for it."""
    file = Path(settings.STATIC_ROOT) / unquote(path.partition("/static/")[2])
    return len(brotli.compress(file.read_bytes()))


def weigh(page: str, language: str, html: int, files: list[str], vitals: dict[str, float]) -> Weight:
    kinds = {"css": 0, "js": 0, "rest": 0}
    for file in files:
        kind = file.rpartition(".")[2]
        kinds[kind if kind in kinds else "rest"] += packed_size(file)
    return Weight(
        page, language, html, requests=len(files) + 1, lcp=round(vitals["lcp"]), cls=round(vitals["cls"], 3), **kinds
    )


def keep(weights: list[Weight], known: set[str]) -> None:
    """Add to what earlier slices measured; pages that are gone leave the table."""
    OUT.mkdir(exist_ok=True)
    with (OUT / "pages.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        file = OUT / "pages.json"
        rows = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
        kept = {(row["page"], row["language"]): row for row in rows if row["page"] in known}
        kept |= {(weight.page, weight.language): asdict(weight) for weight in weights}
        rows = [kept[key] for key in sorted(kept)]
        file.write_text(json.dumps(rows, indent=1), encoding="utf-8")
        (OUT / "pages.md").write_text(table(rows), encoding="utf-8")


def table(rows: list[dict[str, object]]) -> str:
    line = "| {page} | {language} | {html} | {all_rest} | {requests} | {lcp} | {cls} |"
    text = [line.format(all_rest=row["css"] + row["js"] + row["rest"], **row) for row in rows]  # type: ignore[operator]
    about = f"Measured on {platform.machine()}, commit {_commit()}, {len(rows)} pages.\n\n"
    return about + HEAD + "\n".join(text) + "\n"


@cache
def _commit() -> str:
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True)
    return told.stdout.strip() or "unknown"
