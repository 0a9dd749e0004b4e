"""Packs, questions, meetings and introductions for their parties and ICLEI, as JSON: the rights of the pages."""
