"""Workers of other makers, each a program of its own that a test runs against a real server: address and token are its arguments.

Each starts the process that it is told, works until it has done what it should, and says on stdout what it did, a word a line.
"""
