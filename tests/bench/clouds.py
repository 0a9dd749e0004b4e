"""Vectors like those of real texts: a mean, an effect of area, of topic and of a family of near twins, and the rest.

Every effect is drawn with the variances that the encoder shows along its principal axes (spectrum.py), in axes turned
at random, so that nothing gains from a preferred coordinate. The shares of the effects are those that give the measured
cosines between texts of one topic, of one area and of different areas; members of a family are alike to different
degrees, as providers' leaflets are, so that the nearest neighbour is about as near as among real texts.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tests.bench import spectrum
from tests.bench.spectrum import FloatArray

IntArray = npt.NDArray[np.integer]
DIM = 896
BLOCK = 16_384
ALIKE = (0.6, 1.0)  # Beta: of what area and topic leave over, how much a member has from its family


@dataclass(frozen=True)
class Shares:
    """Of the squared length of a text's vector."""

    mean: float
    area: float
    topic: float

    @classmethod
    def of(cls, cosines: spectrum.Cosines) -> "Shares":
        return cls(cosines.other, cosines.area - cosines.other, cosines.topic - cosines.area)

    @property
    def rest(self) -> float:
        return 1 - self.mean - self.area - self.topic


class Cloud:
    """The effects of one world; vectors are drawn block by block, each from a stream of its own."""

    def __init__(self, seed: int, topic_area: IntArray, areas: int, dim: int = DIM) -> None:
        self.seed, self.dim = seed, dim
        chance = np.random.default_rng([seed, 1])
        self.turn = np.linalg.qr(chance.normal(size=(dim, dim)))[0].astype(np.float32)
        self.spread = {kind: _spread(kind, dim) for kind in ("passage", "query")}
        self.area, self.topic = self._effects(chance, areas), self._effects(chance, len(topic_area))
        mean, apart = self._effects(chance, 2)
        shared = spectrum.DEMAND_SOLUTION.other / np.sqrt(spectrum.SOLUTIONS.other * spectrum.DEMANDS.other)
        self.means = {"passage": mean, "query": shared * mean + np.sqrt(1 - shared**2) * apart}

    def passages(self, block: int, area: IntArray, topic: IntArray, family: IntArray) -> FloatArray:
        """float16 (rows, dim), unit length."""
        chance = np.random.default_rng([self.seed, 2, block])
        rest = self._rest("passage", chance, len(area))
        numbers, at = np.unique(family, return_inverse=True)
        centres = np.stack([self._rest("passage", np.random.default_rng([self.seed, 4, n]), 1)[0] for n in numbers])
        alike = chance.beta(*ALIKE, len(area)).astype(np.float32)[:, None]
        rest = np.sqrt(alike) * centres[at] + np.sqrt(1 - alike) * rest
        return self._turned("passage", Shares.of(spectrum.SOLUTIONS), rest, area, topic)

    def queries(self, block: int, area: IntArray, topic: IntArray) -> FloatArray:
        """As `passages`, of demands, which stand alone. Area and topic weigh as they do between demand and solution."""
        rest = self._rest("query", np.random.default_rng([self.seed, 3, block]), len(area))
        between, own = Shares.of(spectrum.DEMAND_SOLUTION), Shares.of(spectrum.SOLUTIONS)
        shares = Shares(spectrum.DEMANDS.other, between.area**2 / own.area, between.topic**2 / own.topic)
        return self._turned("query", shares, rest, area, topic)

    def sentences(self, stream: int, whole: FloatArray, count: int) -> FloatArray:
        """float16 (count, dim): sentences of a text, whose cosine to the whole is about .6."""
        rest = self._rest("query", np.random.default_rng([self.seed, 5, stream]), count) @ self.turn
        return _unit(0.6 * whole.astype(np.float32) + 0.8 * rest)

    def _effects(self, chance: np.random.Generator, count: int) -> FloatArray:
        """Of unit length, so that a share is the square of what an effect is multiplied by."""
        drawn = self._rest("passage", chance, count)
        return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))

    def _rest(self, kind: str, chance: np.random.Generator, count: int) -> FloatArray:
        drawn: FloatArray = chance.standard_normal((count, self.dim), np.float32) * self.spread[kind]
        return drawn

    def _turned(self, kind: str, shares: Shares, rest: FloatArray, area: IntArray, topic: IntArray) -> FloatArray:
        has_topic = (topic >= 0).astype(np.float32)[:, None]
        whole = np.sqrt(shares.rest).astype(np.float32) * rest
        whole += np.float32(np.sqrt(shares.mean)) * self.means[kind]
        whole += np.float32(np.sqrt(shares.area)) * self.area[area]
        whole += np.float32(np.sqrt(shares.topic)) * has_topic * self.topic[topic]
        return _unit(whole @ self.turn)


def _spread(kind: str, dim: int) -> FloatArray:
    """Standard deviations along the axes of what has a squared length of 1 on average."""
    shares = spectrum.read_decay(kind)[:dim]
    return np.sqrt(shares / shares.sum())


def _unit(vectors: FloatArray) -> FloatArray:
    normal = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return normal.astype(np.float16)
