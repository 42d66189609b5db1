"""What the newsroom keeps: articles, topics, feeds, editors, cards, audit, pictures' ids."""
