"""Diagram in, executable out: hardened XML, the dialect, expressions, SpiffWorkflow specs and the flat token kernel.

No database, no register, no service implementation: what a diagram needs from outside arrives through `Environment`.
Every element or attribute that is not executed as the specification says is refused here, at deployment.
"""
