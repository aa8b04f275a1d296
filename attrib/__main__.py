"""`python -m attrib`."""

from attrib.cli.app import main

main()
