"""`python -m web` is the command `samverka`."""

from web.cli import main

main()
