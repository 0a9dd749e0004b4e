"""Texts of generated records: sentences of the demo, shuffled within language and area, around words of the vocabulary.

So the words are those of real records, each as often as its topic comes, with names of cities and brands as the tail.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.models import Topic
from portal.common.languages import CODES
from portal.common.translated import column
from portal.embedded.demo import content

_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
# {what}: a word for the topic; {city}: as the language spells it; {n}: a number.
TITLES = {
    "en": ("{what} for {city}", "Renew {what} in {city}", "{city}: {what} at {n} sites", "Better {what}, phase {n}"),
    "es": ("{what} para {city}", "Renovar {what} en {city}", "{city}: {what} en {n} puntos", "Mejor {what}, fase {n}"),
    "fr": ("{what} pour {city}", "Rénover {what} à {city}", "{city} : {what} sur {n} sites", "{what}, phase {n}"),
    "pt": ("{what} para {city}", "Renovar {what} em {city}", "{city}: {what} em {n} locais", "{what}, fase {n}"),
    "ko": ("{city} {what} 개선", "{city} {what} 사업 {n}단계", "{what} {n}곳 정비", "{city}시 {what} 도입"),
    "ja": ("{city}の{what}", "{city}における{what}の更新", "{what}{n}か所の整備", "{city}{what}第{n}期"),
    "zh-hans": ("{city}{what}项目", "{city}{what}更新改造", "{what}{n}处建设", "{city}{what}第{n}期"),
}
OFFERS = {
    "en": ("{brand} {what}", "{what} by {brand}", "{brand} for {what}"),
    "es": ("{brand} {what}", "{what} de {brand}", "{brand} para {what}"),
    "fr": ("{brand} {what}", "{what} par {brand}", "{brand} pour {what}"),
    "pt": ("{brand} {what}", "{what} da {brand}", "{brand} para {what}"),
    "ko": ("{brand} {what}", "{what} 솔루션 {brand}"),
    "ja": ("{brand} {what}", "{what}システム {brand}"),
    "zh-hans": ("{brand}{what}", "{what}方案 {brand}"),
}
BODIES = {
    "en": "City of {city}", "es": "Municipalidad de {city}", "fr": "Ville de {city}", "pt": "Prefeitura de {city}",
    "ko": "{city}시청", "ja": "{city}市役所", "zh-hans": "{city}市人民政府",
}  # fmt: skip
SYLLABLES = [
    "al",
    "ber",
    "cor",
    "dan",
    "el",
    "fen",
    "gal",
    "hir",
    "ion",
    "jur",
    "kas",
    "lum",
    "mar",
    "nor",
    "ost",
    "pal",
    "qui",
    "ras",
    "sol",
    "tor",
    "urb",
    "vel",
    "wen",
    "xan",
    "yl",
    "zet",
]
PARTS_OF_DEMAND = ("summary", "problem", "outcome")
PARTS_OF_SOLUTION = ("tagline", "solves", "how_it_works", "not_suitable")


def brand(chance: random.Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 3))).capitalize()


def title(chance: random.Random, patterns: tuple[str, ...], language: str, **words: object) -> str:
    text = chance.choice(patterns).format(n=chance.randint(2, 400), **words)
    return (text[0].upper() + text[1:])[:200]


@dataclass
class Corpus:
    """``sentences`` by (part, language, area); ``words`` by (topic, language)."""

    sentences: dict[tuple[str, str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    words: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def text(self, chance: random.Random, part: str, language: str, area: str, count: int) -> str:
        """So many sentences, of the area's own where there are enough of them."""
        own = self.sentences[part, language, area]
        found = own if len(own) >= count else self.sentences[part, language, ""]
        return _GLUE.get(language, " ").join(chance.sample(found, min(count, len(found))))

    def word(self, chance: random.Random, topic: str, language: str) -> str:
        return chance.choice(self.words[topic, language])


_GLUE = {"ja": "", "zh-hans": ""}


def read_corpus() -> Corpus:
    corpus = Corpus()
    for rows, parts in ((content.demands(), PARTS_OF_DEMAND), (content.solutions(), PARTS_OF_SOLUTION)):
        for row in rows:
            for part in parts:
                _take(corpus, part, row["language"], row["focus_area"], _SENTENCE.split(row[part] or ""))
    for topic in Topic.objects.all():
        for code in CODES:
            synonyms = (getattr(topic, column("synonyms", code)) or "").split("\n")
            label = getattr(topic, column("label", code)) or topic.code
            corpus.words[topic.code, code] = [label, *(word for word in synonyms if word)]
    return corpus


def _take(corpus: Corpus, part: str, language: str, area: str, sentences: Iterable[str]) -> None:
    found = [sentence.strip() for sentence in sentences if sentence.strip()]
    corpus.sentences[part, language, area] += found
    corpus.sentences[part, language, ""] += found
