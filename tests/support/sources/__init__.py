"""What sources hand over, made for tests."""
