"""The embedded JavaScript toolkit: FEEL in V8, with limits on time and memory.

Knows nothing of processes; `forms` and `bpmn` are handed its functions.
"""
