"""A solution's profile as bytes and back, without its vector and words, which stand in columns of their own."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from matching.engine import (
    Capability,
    CityFacts,
    QuantityRange,
    ReferenceFacts,
    SolutionProfile,
    Span,
)

_PLAIN: Final = ("id", "version", "language", "vector_space", "focus_is_guessed", "worldwide", "lead_time_months")
_ALSO_PLAIN: Final = ("live", "expires")
_SETS: Final = ("focus", "topics", "languages_of_work", "business_models")
_MAPPINGS: Final = ("claims", "concepts", "subject")
_SPANS: Final = ("city_population", "cost_eur")
# zlib looks back this far into a dictionary.
_WINDOW: Final = 32_000


def plain(solution: SolutionProfile) -> dict[str, Any]:
    """The profile as JSON types; what is not stated is left out."""
    content: dict[str, Any] = {name: getattr(solution, name) for name in (*_PLAIN, *_ALSO_PLAIN)}
    content |= {name: sorted(getattr(solution, name)) for name in _SETS}
    content |= {name: _ends(getattr(solution, name)) for name in _SPANS}
    content["quantity"] = solution.quantity and [*_ends(solution.quantity.span), solution.quantity.unit]  # type: ignore[misc]
    content["capabilities"] = {code: [one.value, one.grade] for code, one in solution.capabilities.items()}
    content["references"] = [_reference(reference) for reference in solution.references]
    content |= {name: dict(getattr(solution, name)) for name in _MAPPINGS}
    stated = {name: value for name, value in content.items() if value not in (None, [], {}, "")}
    return stated if solution.countries is None else stated | {"countries": sorted(solution.countries)}


def profile(content: Mapping[str, Any], *, vector: Any, terms: frozenset[str]) -> SolutionProfile:
    """The profile that `plain` wrote, with its vector (float32 of shape (d,), or None) and words."""
    quantity = content.get("quantity")
    given: dict[str, Any] = {name: content[name] for name in (*_PLAIN, *_ALSO_PLAIN) if name in content}
    given |= {name: frozenset(content.get(name, ())) for name in _SETS}
    given |= {name: Span(*content[name]) for name in _SPANS if name in content}
    if "countries" in content:
        given["countries"] = frozenset(content["countries"])
    return SolutionProfile(
        **given,
        vector=vector,
        terms=terms,
        quantity=None if quantity is None else QuantityRange(Span(*quantity[:2]), quantity[2]),
        capabilities={code: Capability(*one) for code, one in content.get("capabilities", {}).items()},
        references=tuple(
            ReferenceFacts(city=CityFacts(**one[2]), status=one[0], grade=one[1])
            for one in content.get("references", ())
        ),
        **{name: content.get(name, {}) for name in _MAPPINGS},
    )


def _ends(span: Span | None) -> list[float | None] | None:
    return None if span is None else [span.low, span.high]


def _reference(reference: ReferenceFacts) -> list[Any]:
    city = reference.city
    facts = {name: getattr(city, name) for name in CityFacts.__slots__}
    return [reference.status, reference.grade, {name: fact for name, fact in facts.items() if fact is not None}]


class Packing:
    """Records alike compress well when they are told what a few of them look like."""

    def __init__(self, sample: bytes) -> None:
        self.sample = sample[-_WINDOW:]

    @classmethod
    def of(cls, contents: Sequence[Mapping[str, Any]]) -> Packing:
        """From a few records."""
        return cls(b"".join(_text(content) for content in contents))

    def pack(self, content: Mapping[str, Any]) -> bytes:
        """A record as bytes."""
        packer = zlib.compressobj(6, zdict=self.sample) if self.sample else zlib.compressobj(6)
        return packer.compress(_text(content)) + packer.flush()

    def unpack(self, packed: bytes) -> dict[str, Any]:
        """The record. Raises zlib.error for bytes of another packing."""
        unpacker = zlib.decompressobj(zdict=self.sample) if self.sample else zlib.decompressobj()
        content: dict[str, Any] = json.loads(unpacker.decompress(packed))
        return content


def _text(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode(
        "utf-8", "surrogatepass"
    )
