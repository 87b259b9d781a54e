"""The restart: which application first, with whom, behind which gates, and when each care service is back.

`living` and `plan` are what a page or a command asks for. Nothing is gathered here: a door that names them all would load
the compiler for whoever only wants to read a gate.
"""
