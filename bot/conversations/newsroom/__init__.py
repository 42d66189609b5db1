"""/sources, /feed and /setup: topics and feeds from the chat, and the way from an empty bot to the first story."""
