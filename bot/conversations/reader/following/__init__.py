"""In which mode a topic comes, what is muted, and the commands that say both in words."""
