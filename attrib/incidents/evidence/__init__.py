"""What an incident shows: one file per kind of evidence, listed in order in listing.py."""
