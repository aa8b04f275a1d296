"""Property tests here have no deadline: what they prove does not depend on how busy the machine is."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("safe", deadline=None, max_examples=150)
settings.load_profile("safe")
