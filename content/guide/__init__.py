"""The suitability guide: five answers in, at most four things to ask about out. It stores nothing and decides nothing."""
