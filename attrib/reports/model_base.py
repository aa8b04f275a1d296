"""What the documents' models are made of: counts, shares, times, verdicts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Utc = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$", description="ISO 8601, UTC")]
Verdict = Literal["unknown", "vendor", "application", "app_bottleneck", "caller"]
Party = Literal["external", "own", "unknown"]


class Model(BaseModel):
    """What the documents' models have in common."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class Verdicts(Model):
    """Symptomatic invocations by verdict."""

    unknown: Count
    vendor: Count
    application: Count
    app_bottleneck: Count
    caller: Count
