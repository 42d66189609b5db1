"""From bulletins to deliveries, and from chats' hours to digests."""
