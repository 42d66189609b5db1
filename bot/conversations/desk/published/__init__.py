"""After publication: correct a story, follow it up, try again to take it back, open it by one of its messages."""
