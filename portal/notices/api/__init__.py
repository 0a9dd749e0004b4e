"""What a person was told, as JSON, and the marks that it was read."""
