"""The database itself: connections, transactions, column types, migrations."""
