"""Measures the encoder and the ranking on labelled folders: queries.jsonl, corpus.jsonl, qrels.tsv.

No road of its own: texts become wordings, vectors, profiles and tables by the very calls the portal makes. No database.
"""

from matching.evaluation.labelled import LabelledSet, SetError, read_set
from matching.evaluation.measures import Measures, mean_measures, measure
from matching.evaluation.run import Evaluation, evaluate_set
from matching.evaluation.vector_files import VectorFile

__all__ = [
    "Evaluation",
    "LabelledSet",
    "Measures",
    "SetError",
    "VectorFile",
    "evaluate_set",
    "mean_measures",
    "measure",
    "read_set",
]
