"""Forms made in the form-js editor (`*.form`) and the code that turns one into a marshmallow schema and accessible HTML.

Knows no process, no database and no Flask; FEEL and translations are handed in as functions.
"""
