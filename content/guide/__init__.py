"""The guide: answers go in, what to ask about comes out, at most four of it written out. It stores and decides nothing."""
