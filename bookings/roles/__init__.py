"""Who may do what: the roles that come with the site (`table`), and how a database gets them (`grants`)."""
