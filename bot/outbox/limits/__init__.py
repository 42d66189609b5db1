"""What may be sent when, and what it may cost."""
