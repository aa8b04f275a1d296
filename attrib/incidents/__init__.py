"""Incidents: symptomatic invocations that belong together in time and cause, judged and proven (design section 6)."""
