"""What the site uses of Flask-Login, which carries no types of its own."""

from collections.abc import Callable
from typing import Any

from flask import Flask

class LoginManager:
    session_protection: str | None
    def init_app(self, app: Flask, add_context_processor: bool = ...) -> None: ...
    def user_loader(self, callback: Callable[[str], object | None]) -> object: ...

current_user: Any

def login_user(user: object) -> bool: ...
def logout_user() -> bool: ...
