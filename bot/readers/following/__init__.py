"""What a chat follows in which mode, what it has muted, and how people say so."""
