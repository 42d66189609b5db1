"""Words and rules of the newsroom. Standard library only; knows neither database nor Telegram."""
