"""What a chat asks to be told of at once: words that it watches for, and stories that it follows."""
