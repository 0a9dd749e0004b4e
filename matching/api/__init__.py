"""Matches for their parties and ICLEI, and the gap for everybody, as JSON. Read only."""
