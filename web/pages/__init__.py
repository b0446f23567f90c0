"""The pages, a package a feature: `bp` (the blueprint) in its `__init__`, views, and templates under `templates/<feature>`.

A new feature adds its line to BLUEPRINTS. A module that is not there stops the application from starting.
"""

BLUEPRINTS = (
    "web.auth.views",
    "web.pages.help",
    "web.pages.components",
    "web.pages.tasks",
    "web.pages.documents",
    "web.pages.comments",
    "web.pages.cases",
    "web.pages.meetings",
    "web.pages.register",
    "web.pages.processes",
    "web.rest",
    "web.rest.wellknown",
)
