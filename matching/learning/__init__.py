"""Learning from what people decide: judgements collected, weights fitted, calibrated and compared, chosen by a person.

judgements.py   which decisions say something about fit, and what they say
fitting.py      pairwise logistic regression with a prior      calibration.py   points that mean what they say
comparing.py    cross-validation and the paired bootstrap      proposing.py     all of it for the records at hand
models.py       profiles, activations, judgements              actions.py       propose, activate, roll back
"""
