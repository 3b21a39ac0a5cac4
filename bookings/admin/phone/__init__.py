"""A request by phone, typed while somebody is on the line: its form, the times to choose from, the page."""
