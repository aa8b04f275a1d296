"""From judged invocations to the figures of a report."""
