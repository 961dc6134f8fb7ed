"""
The speed of the hub, as ratios within one run: against Django REST framework and against a bare COPY.

    python -m benchmarks            writes docs/performance.md (about four minutes)
    python -m benchmarks --quick    two rounds, printed only

    environment   a temporary database with its user, and the requests
    catalogue     the made-up parts and orders, as each wire spells them
    drf/          the same work, done well with Django REST framework
    contests      the pieces of work, each with its sides
    measure       A B A B, medians, statements
    report        docs/performance.md
"""
