"""What a chat follows, in which mode, and what it has muted."""
