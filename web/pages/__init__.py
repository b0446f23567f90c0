"""Pages for people: one module a feature, views that parse, ask and render."""
