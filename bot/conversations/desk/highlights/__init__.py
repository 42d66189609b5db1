"""Highlights at the desk: stories picked by hand, in an order, as a digest of their own or at the head of others."""
