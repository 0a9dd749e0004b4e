"""The directory of experts for everybody, and requests for advice for whom they concern, as JSON."""
