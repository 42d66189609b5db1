"""The sandbox's state: bots, people, chats, members, messages, files; and the rules by which it changes."""
