"""How the site writes dates and times, instead of the language's own way."""
