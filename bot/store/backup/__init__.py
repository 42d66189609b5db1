"""Copies of the database that were checked, kept for some days and weeks. Nothing here waits for an event loop."""
