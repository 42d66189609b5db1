"""Turns web HTML into content blocks. Imports the model and the text of sources."""
