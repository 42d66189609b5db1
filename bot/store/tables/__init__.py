"""The tables of the ledger, of who reads, and of what running the bot needs; every room of the store may use them."""
