"""The suitability guide: answers go in, at most four treatments to ask about come out. It stores and decides nothing."""
