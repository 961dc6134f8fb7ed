"""
The same work, done well with Django REST framework: what a good developer writes with it, and for the writing of parts
what DRF's documentation shows (`documented`).

Its advantages, so that nobody wonders: its requests skip all middleware but one, its password is remembered by the
hub's own verifier (Argon2 at each call would decide everything), related rows come with `prefetch_related`, children
of a new record are created in bulk, its answers to writes are two numbers. It keeps no history and no exchange.
"""
