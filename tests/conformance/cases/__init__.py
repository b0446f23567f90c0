"""The cases, one module a family of elements. Diagrams and stories only."""
