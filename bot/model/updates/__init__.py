"""How the bot gets what people say."""
