"""The suitability guide: answers in, things to ask about out (at most four that are done here). It stores and decides nothing."""
