"""Agreements between ICLEI and providers: shown to everybody, and nothing that the score knows of."""
