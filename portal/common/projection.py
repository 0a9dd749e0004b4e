"""The Equal Earth projection of the maps (Šavrič, Patterson, Jenny 2018): areas stay comparable, and outlines familiar.

The middle meridian keeps the cut in the Bering Strait, so that no land is torn apart.
"""

import math
from typing import Final

MIDDLE: Final = 11.5  # degrees east
WIDTH: Final = 1000
# North Cape's archipelagos to Cape Horn: Antarctica has no cities.
NORTH, SOUTH = 84.0, -57.0

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2


def _raw(longitude: float, latitude: float) -> tuple[float, float]:
    turned = (longitude - MIDDLE + 180) % 360 - 180
    theta = math.asin(_M * math.sin(math.radians(latitude)))
    square = theta * theta
    sixth = square**3
    x = math.radians(turned) * math.cos(theta) / (_M * (_A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)))
    return x, theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))


_REACH: Final = _raw(MIDDLE + 180 - 1e-9, 0)[0]
_SCALE: Final = WIDTH / (2 * _REACH)
_TOP: Final = _raw(MIDDLE, NORTH)[1]
HEIGHT: Final = round(_SCALE * (_TOP - _raw(MIDDLE, SOUTH)[1]))


def projected(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees east and north as x from 0 to WIDTH and y from 0 (north) to HEIGHT; what lies beyond is on the edge."""
    x, y = _raw(longitude, min(NORTH, max(SOUTH, latitude)))
    return _SCALE * (x + _REACH), _SCALE * (_TOP - y)
