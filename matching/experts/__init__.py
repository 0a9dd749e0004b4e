"""People whom moderators and cities ask for advice, and what they answered."""
