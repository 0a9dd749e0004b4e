"""Where moderators work: taking, snoozing, deciding in twos, undoing, many at once, and looking back."""
