"""
How fast the hub is, as ratios within one run: against Django REST framework and against a bare COPY.

    python -m benchmarks            writes docs/performance.md (about four minutes)
    python -m benchmarks --quick    two rounds, printed only

    ground        a throw-away database, the people in it, the wires
    catalogue     the made-up parts and orders, as each wire spells them
    drf/          the same work, done well with Django REST framework
    contests      who does what against whom
    measuring     A B A B, medians, statements
    report        docs/performance.md
"""
