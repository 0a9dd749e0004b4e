"""Objections to decisions and reports of records: an owner, a clock, an answer, and one appeal."""
