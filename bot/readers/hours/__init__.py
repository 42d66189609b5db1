"""When news come to a chat: what it chose, and how people say so."""
