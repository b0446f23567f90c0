"""Parties, bodies, seats, appointments and absence: who may act on a given day.

Roles are looked up on the day they are asked and never frozen into a task. Knows nothing of processes or instances.
"""
