"""Conversations with editors and owners, a file a subject."""
