"""Who gets what by what chats follow and have muted."""
