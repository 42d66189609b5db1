"""An editor's Telegram message as a story: for breaking news, and for the desk's drafts."""
