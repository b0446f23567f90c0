"""Plays scenarios on a simulated clock through the real runtime: scenario tests, demo data, later whole years.

Writes nothing behind the runtime's back.
"""
