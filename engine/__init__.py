"""Runs processes: diagrams in, instances, tasks, timers and history out.

No Flask request, no HTML, and no process, element or body known by name.
Arrows: jobs, simulate → runtime → register, services → store; bpmn knows none of them.
"""
