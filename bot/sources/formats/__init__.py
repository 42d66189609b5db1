"""Reads formats of news into items: feeds, agency copy, JSON."""
