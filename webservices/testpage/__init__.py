"""
The Web Services Test page: make an input, send it through the same doors as everybody, understand the answer.

    choices     what can be chosen: versions, tabs, operations, key fields; read from DIALECTS and the operations
    inputs      Generate Input: a skeleton, filled from the live record
    addresses   where the page may reach
    sending     Send: through the door inside this process, or to a host that a setting names
    blanking    what is not shown again
    showing     the answer, indented and coloured
    views       the page itself
"""
