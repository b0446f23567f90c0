"""The Flask application: pages (HTML), accounts and access, command line.

Reads through `engine.store`, acts through `engine.runtime`; holds no rule about how a process goes.
`create_app` builds it; `context.house()` gives a page the parts of the engine.
"""

from web.app import create_app

__all__ = ["create_app"]
