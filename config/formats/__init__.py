"""The formats of dates and times on the site, in place of the language's own."""
