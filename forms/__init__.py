"""Forms made in the form-js editor (`*.form`) and the code that turns one into a marshmallow schema and accessible HTML.

Knows no process, no database and no Flask; FEEL and translations are handed in as functions.
"""

from forms.errors import WHOLE, FormErrors, FormRefused
from forms.form import Form, load
from forms.model import Feel, Field, Option

__all__ = ["WHOLE", "Feel", "Field", "Form", "FormErrors", "FormRefused", "Option", "load"]
