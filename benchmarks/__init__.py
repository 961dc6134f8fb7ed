"""
The speed of the hub, as ratios within one run: against others who do the same work on the same database.

    python -m benchmarks            in process, against Django REST framework and a bare COPY (about twenty minutes)
    python -m benchmarks --http     servers over HTTP, against a floor, node, spyne and DRF (about twelve minutes)
    … --quick                       two rounds, printed only; without it docs/performance.md is written
    … orders                        what has the word in its title; its sections of the page are written anew

    environment   a temporary database with its user, and the requests
    catalogue     the made-up parts and orders, as each wire spells them
    drf/          the same work, done well with Django REST framework
    contests      the pieces of work in process, each with its sides
    stored        what the sides have written, to be compared
    measure       A B A B, medians, statements
    report        docs/performance.md

    servers       the hub as `./start` runs it, other servers, the CPU of their processes
    load          the load generator
    rivals/       the programs of the rivals, and their packages
    http_ground   hub, rivals and generator, started together
    http_works    the pieces of work over HTTP; http_bulk: the one that is a contest of above
    http_checks   what must be right before anything is timed
    http          the rounds; http_report: their tables
"""
