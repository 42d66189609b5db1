"""Answers to what is asked from chats where the bot need not be: inline queries and guests' questions."""
