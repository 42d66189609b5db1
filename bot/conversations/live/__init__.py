"""Messages that are kept up to date as stories' cards: where they stand, in a person's chat or in a desk group."""
