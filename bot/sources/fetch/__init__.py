"""Fetches addresses that nobody vouches for, within bounds, and decodes the answers."""
