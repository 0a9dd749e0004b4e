"""Writes language_directions.npz anew from the calibration texts; run after changing those or a model.

python -m matching.encoder.rebuild_directions
"""

import numpy as np

from matching.encoder.backends import raw_encoders
from matching.encoder.languages import DIRECTIONS_PATH, rebuild

if __name__ == "__main__":
    np.savez(DIRECTIONS_PATH, **rebuild(raw_encoders()))  # type: ignore[arg-type]
