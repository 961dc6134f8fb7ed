"""
The set-based write: one call, one batch, a fixed number of statements.

    plan           the tables and columns of a resource
    drafts         one record: what was sent, what is stored, what it shall be
    batch          the records of a call as drafts: parsed, identified
    resolve        the records that fields name, found and locked
    matching       stored records found by other fields than the key
    decide         the outcome of each record, in memory
    sequential     records one after the other, in as few batches as that takes
    child_records  children as records of their own, mapped to changes of their parents
    engine         the steps in their order, and the bisection when the database refuses
    scope          the scope of a call, applied to one record
    store          the content of the statements: records, children, Changes
    statements     the SQL texts
    removal        remove, or inactivate a record in use
"""
