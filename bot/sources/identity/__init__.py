"""Which story an item is: its address without what only counts clicks, its identity in a fetch, its words."""
