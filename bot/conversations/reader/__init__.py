"""Conversations with readers, a file a subject."""
