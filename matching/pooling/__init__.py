"""What a pooled demand's other cities see and agree to. Its lead writes for all, and binds nobody."""
