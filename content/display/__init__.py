"""What a page shows beside its own words: costs, the panel of a treatment, recovery, names, links of the foot, JSON-LD."""
