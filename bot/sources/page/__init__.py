"""Finds the story on a web page."""
