"""What a reference city says of a claim about it, what moderators found in the evidence, and yearly renewals."""
