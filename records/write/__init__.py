"""
The set-based write: one call, one batch, a fixed number of statements.

    plan        where a resource is kept
    batch       parse, decide: in memory, record by record
    matching    twins found by other fields than the key
    waves       records one after the other, in as few batches as that takes
    engine      the steps in their order, and the bisection when the database refuses
    scope       what the scope of a call says of a record
    store       the statements' content: records, children, Changes
    statements  the SQL texts
    removal     remove, or inactivate what is in use
"""
