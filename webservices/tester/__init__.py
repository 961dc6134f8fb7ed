"""
The Web Services Test page: make an input, send it through the same endpoint as every caller, understand the answer.

    page         the page itself: its views, the action of each button, the state that its templates show
    exchanges    one exchange explained, compared with another one, sent again
    collections  saved calls: their files, the checks of their answers (`assertions`), their `runs`
    compose      an input: generated, read from a CSV table, validated, written as a program (`snippets`)
    send         a call to this server or to a host that a setting allows, and its answer
    http, csp    requests and pages of the admin site, and what these may load
    errors       the one error whose sentence a page shows

Imports point down in this list.
"""
