"""What service tasks call, by topic. A service reads, and returns effects: variables, notices, rows of its own.

Each topic describes itself (inputs, outputs) for the modeler. No service calls the runtime.
"""

from engine.services.effects import Effects, Notice
from engine.services.registry import Request, ServiceFailed, Services, Topic
from engine.services.topics import SERVICES

__all__ = ["SERVICES", "Effects", "Notice", "Request", "ServiceFailed", "Services", "Topic"]
