"""What service tasks call, by topic. A service reads, and returns effects: variables, notices, rows of its own.

Each topic describes itself (inputs, outputs) for the modeler. No service calls the runtime.
"""
