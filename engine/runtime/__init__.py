"""The life of an instance: deploy, start, complete, correlate, fire, cancel; one command is one transaction.

The only package that writes an instance, its tasks, timers, subscriptions and history.
Never called by a service: a service returns effects and the runtime carries them out.
"""
