"""News in: feeds, agency copy and JSON become articles with topics. Knows nothing of who reads them."""
