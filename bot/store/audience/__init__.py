"""Who reads: chats with their choices and subscriptions, and their digests."""
