"""The Flask application: pages (HTML), accounts and access, command line.

Reads through `engine.store`, acts through `engine.runtime`; holds no rule about how a process goes.
"""
