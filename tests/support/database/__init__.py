"""Databases for tests: what stands in them."""
