"""In which mode a topic comes, and what is muted."""
