"""Matches for their parties and ICLEI, with the parties' own answers; and the gap for everybody, as JSON."""
