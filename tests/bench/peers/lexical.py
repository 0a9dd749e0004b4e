"""tantivy: a search engine over words. It finds other things than vectors do; it is here for its pace."""

from collections.abc import Sequence

import numpy as np

from tests.bench.codebook import reach
from tests.bench.peers import KEEP
from tests.bench.worlds import Rows, World


class Tantivy:
    """BM25 over the words of a text, the filter as terms that must hold."""

    def __init__(self, world: World) -> None:
        import tantivy

        self.api, self.world = tantivy, world
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("words", tokenizer_name="whitespace")
        for name in ("areas", "countries", "live"):
            builder.add_integer_field(name, indexed=True)
        builder.add_integer_field("row", stored=True, fast=True)
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema)
        self._fill()
        self.searcher = self.index.searcher()

    def _fill(self) -> None:
        writer = self.index.writer(heap_size=200_000_000, num_threads=1)
        reached = [np.flatnonzero(row).tolist() for row in reach()]
        columns = {name: self.world.solutions[name].tolist() for name in ("area", "second", "regions", "live", "terms")}
        for row, (area, second, regions, live, terms) in enumerate(zip(*columns.values(), strict=True)):
            fields = {"areas": [at for at in (area, second) if at >= 0], "countries": reached[regions], "row": row}
            words = " ".join(f"w{term}" for term in terms)
            writer.add_document(self.api.Document(words=words, live=int(live), **fields))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()

    def search(self, demands: Sequence[int]) -> list[Rows]:
        return [self._one(demand) for demand in demands]

    def _one(self, demand: int) -> Rows:
        query, occur = self.api.Query, self.api.Occur
        words = [f"w{term}" for term in self.world.demands["terms"][demand].tolist()]
        parts = [(occur.Should, query.term_query(self.schema, "words", word)) for word in words]
        wanted = {"areas": "area", "countries": "country"}
        must = {key: int(self.world.demands[name][demand]) for key, name in wanted.items()} | {"live": 1}
        filters = [
            (occur.Must, query.const_score_query(query.term_query(self.schema, key, value), 0.0))
            for key, value in must.items()
        ]
        asked = query.boolean_query([*filters, (occur.Must, query.boolean_query(parts))])
        hits = self.searcher.search(asked, KEEP).hits
        return np.array([self.searcher.doc(address)["row"][0] for _score, address in hits], np.int64)

    def close(self) -> None:
        del self.searcher, self.index
