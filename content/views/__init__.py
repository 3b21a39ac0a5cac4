"""The public pages. They only read: no session, no cookie, so that they can be cached whole."""
