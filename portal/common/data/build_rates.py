"""Rebuilds rates.csv from a folder of public reference data.

    python portal/common/data/build_rates.py [FOLDER]        (default ../shared/data/ref, next to the checkout)

The folder holds currencies_7lang.csv with the euro foreign exchange reference rates of the European Central Bank
(reuse free with the source named). A rate a year older than the newest is left out: it would mislead (the ECB stopped
the rouble in March 2022).
"""

from __future__ import annotations

import csv
import sys
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
DEFAULT_FOLDER = HERE.parents[2].parent / "shared" / "data" / "ref"
# Units per euro set by law, not by a market: irrevocable conversion rates of currencies that the euro replaced, and
# parities kept by treaty or currency board. Date: since when.
FIXED = {
    "BAM": ("1.95583", "2002-01-01"),
    "BGN": ("1.95583", "2026-01-01"),
    "CVE": ("110.265", "1999-01-04"),
    "HRK": ("7.5345", "2023-01-01"),
    "KMF": ("491.96775", "1999-01-01"),
    "XAF": ("655.957", "1999-01-01"),
    "XOF": ("655.957", "1999-01-01"),
    "XPF": ("119.331742", "1999-01-01"),
}


def market_rates(path: Path) -> dict[str, tuple[str, str]]:
    """(units per euro, date) by currency, from the rows that are not stale."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["ecb_rate_per_eur"] and row["ecb_date"]]
    newest = max(date.fromisoformat(row["ecb_date"]) for row in rows)
    return {
        row["code"]: (row["ecb_rate_per_eur"], row["ecb_date"])
        for row in rows
        if newest - date.fromisoformat(row["ecb_date"]) <= timedelta(days=365)
    }


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER
    rates = {code: (*rate, "ecb") for code, rate in market_rates(folder / "currencies_7lang.csv").items()}
    rates |= {code: (*rate, "fixed") for code, rate in FIXED.items()}
    with (HERE / "rates.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["currency", "per_euro", "date", "source"])
        writer.writerows([code, *rate] for code, rate in sorted(rates.items()))
    sys.stdout.write(f"{len(rates)} rates\n")


if __name__ == "__main__":
    main()
