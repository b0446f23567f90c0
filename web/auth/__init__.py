"""Accounts and access: signing in and out, who asks, what they may do and see.

`sessions` knows the person behind a request, `access` decides, `passwords` hashes, `views` are the pages.
"""

from web.auth.access import access, may_see, require_sight
from web.auth.sessions import Person, current_person, signed_in

__all__ = ["Person", "access", "current_person", "may_see", "require_sight", "signed_in"]
