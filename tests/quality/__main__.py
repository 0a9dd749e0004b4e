"""`python -m tests.quality`, behind bootstrap.py quality: the matcher on judged sets, part by part and against others.

    --limit N     of public sets only the first N queries (300)
    --only NAME   only sets whose names begin so

Every figure but those of the engine's own parts is what others would do with the same texts. Prints a table a set and
writes quality.json beside the portal's other state; vectors are kept there too, so that a second run takes minutes.
"""

import argparse
import json
import os
import sys
from contextlib import closing
from pathlib import Path

from matching.encoder import backend
from matching.engine import ENGINE_VERSION, EXPERT
from matching.evaluation import VectorFile
from matching.evaluation.labelled import LabelledSet
from portal.embedded.home import CHECKOUT
from tests.quality.report import Line, each_query, line, table
from tests.quality.sets import all_sets
from tests.quality.systems import rankings_of, replace_texts
from tests.quality.vectors import Embed, RawModels, variants

HOME = Path(os.environ.get("URBANLINK_HOME") or CHECKOUT / "var")
PEERS = CHECKOUT / ".venv" / "bench"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="quality", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--only", default="")
    options = parser.parse_args(arguments)
    sys.path.append(str(PEERS))
    space = backend("bundled").id
    print(f"engine {ENGINE_VERSION}, configuration {EXPERT.id}, backend {space}", flush=True)
    lines: list[Line] = []
    with closing(VectorFile(HOME / "vectors", RawModels(), told)) as raw:
        embeds = variants(raw)
        for labelled in all_sets(options.limit):
            if labelled.name.startswith(options.only):
                lines += measured(labelled, space, embeds)
                write(lines, space)  # after each set: the last ones take the longest
    return 0


def measured(labelled: LabelledSet, space: str, embeds: dict[str, Embed]) -> list[Line]:
    told_languages = replace_texts(labelled)
    found, engine = [], None
    try:
        for system, rankings in rankings_of(labelled, space, embeds):
            figures = each_query(labelled, rankings)
            engine = figures if engine is None else engine
            found.append(line(told_languages, system, figures, engine))
    except ImportError as error:
        print(f"not measured: {error}")
    documents = f"{len(labelled.queries)} queries, {len(labelled.documents)} documents"
    print(f"\n{labelled.name}: {documents}\n{table(found)}", flush=True)
    return found


def write(lines: list[Line], space: str) -> None:
    content = {"engine": ENGINE_VERSION, "configuration": EXPERT.id, "backend": space}
    HOME.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**content, "lines": [one.to_json() for one in lines]}, ensure_ascii=False, indent=1)
    (HOME / "quality.json").write_text(text + "\n", encoding="utf-8")


def told(done: int, total: int) -> None:
    print(f"encoding {done} of {total} new texts", file=sys.stderr, end="\r" if sys.stderr.isatty() else "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
