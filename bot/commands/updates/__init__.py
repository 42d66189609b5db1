"""What operators ask about the way in which updates come."""
