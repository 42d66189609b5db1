"""What chats asked to be told of at once: words that they watch for, and stories that they follow."""
