"""
Rivals of the hub over HTTP: the least that answers right, and what others build with the tools that there are.

    floor.py          WSGI, lxml, psycopg and nothing else; on granian and on gunicorn
    floor_writes.py   the same for what is added and updated
    spyne_parts.py    spyne, with the floor's way into the database
    node/server.js    node's `soap` with `pg`, on the hub's own WSDL
    drf_settings.py   `benchmarks.drf`, as the in-process tables have it
    packages.py       what they need, pinned here, installed into a folder of their own

All of them use the hub's database. Their advantages, so that nobody wonders: they know one operation, or a few; they
have no custom fields, no rights but those of a superuser, no limits, no sessions; a password that fitted once is
remembered for good, while the stored hash, read at each call, is the same; none but the floor's writes keeps an
exchange or a Change. What they answer is compared with the hub's answer before anything is timed.
"""
