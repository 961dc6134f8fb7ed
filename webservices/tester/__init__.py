"""
The Web Services Test page: make an input, send it through the same doors as everybody, understand the answer.

    choices     what can be chosen: versions, tabs, operations, key fields; read from DIALECTS and the operations
    inputs      Generate Input: a skeleton, filled from live records (`several`: which, and whether they fit)
    tables      records out of a pasted CSV
    beside      the same in two versions
    headers     those that testers type
    validating  what the contract says of an input
    addresses   where the page may reach
    sending     Send: through the door inside this process, or to a host that a setting names (`presenting`: as whom)
    snippets    Build only: the request as a program
    outcomes    what became of each record, and on which line of the input it begins; `spent`: where the time went
    blanking    what is not shown again
    showing     the answer, indented and coloured
    actions     what each button does; `views`: the page itself; `policy`: what it may load
    checking, keeping, comparing, replaying, explaining   collections, runs and exchanges
"""
