"""What the card of a story shows, read at once."""
