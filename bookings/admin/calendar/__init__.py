"""The calendar of the desk: day and week by practitioner, what can be done there, and each practitioner's own feed."""
