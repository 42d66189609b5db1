"""The desk's figures: of a story, of a period, of the day for the report; and the counting that keeps them."""
