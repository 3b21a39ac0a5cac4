"""The suitability guide: answers in, at most four things that we do to ask about out. It stores and decides nothing."""
