"""Whether a run of letters and digits was drawn by chance: tokens, keys and short ids against names.

Three figures tell them apart. Names are made of words: their runs of letters of one case, or of digits, are long, and
the pairs of letters within are those of words. Drawn text changes between cases and digits every two characters, and
its pairs are any.
"""

from __future__ import annotations

import re
from typing import Final

_RUNS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PAIRS: Final = """
    ab ac ad af ag ah ai ak al am an ap ar as at au av aw ax ay ba be bi bj bl bo br bs bt bu by ca cc ce ch ci ck
    cl co cr cs ct cu da dd de dg di dl dm do dr ds du dv dy ea eb ec ed ee ef eg eh ei ek el em en eo ep eq er es
    et eu ev ew ex ey fa fe ff fi fl fo fr ft fu ga ge gg gh gi gl gn go gr gs gt gu gy ha he hi hn ho hr hs ht hu
    hy ia ib ic id ie if ig ii ik il im in io ip ir is it iu iv ix iz ja je jo ju ka ke ki kn ks la ld le lf li lk
    ll lm lo lp ls lt lu lv ly ma mb me mi mm mo mp ms mu my na nc nd ne nf ng ni nk nl nm nn no ns nt nu nv ny oa
    ob oc od oe of og oh oi ok ol om on oo op or os ot ou ov ow ox oy pa pe ph pi pl pm po pp pr ps pt pu qu ra rb
    rc rd re rf rg rh ri rk rl rm rn ro rp rr rs rt ru rv ry sa sc se sf sh si sk sl sm so sp ss st su sw sy ta tc
    te th ti tl tm to tr ts tt tu tw ty ua ub uc ud ue uf ug ui ul um un up ur us ut va ve vi vo wa we wh wi wl wn
    wo wr ws xa xc xe xi xp xt ya ye yi yl ym yo yp ys yt za ze
"""
"""The usual pairs of letters in words, 316 of 676: a list of our own, held against 63,682 names of Debian packages:
90 % of their pairs are in it."""
_COMMON: Final = frozenset(_PAIRS.split())
LEAST: Final = 16
"""Shorter runs may be anything: a word and a number, the hash in a pod's name."""
_CHANGE: Final = -1.0
_WORD_PAIR: Final = 1.25
_ODD_PAIR: Final = -1.45
"""Logarithms, rounded, of how much likelier three things are in names than in drawn text: a change of case or between
letters and digits, a pair that words have, one that they have not. Measured: changes begin 20 to 22 % of the characters
of names and 54 % of those of drawn letters and digits; of the pairs in between, 90 to 95 % and 47 % are of words. Two
digits say nothing."""
_DRAWN: Final = -1.0
"""Below this score: a name of short words has a few odd pairs too."""


def is_random(text: str) -> bool:
    """Whether a run of letters and digits of at least LEAST characters was drawn by chance."""
    return len(text) >= LEAST and _score(text) < _DRAWN


def is_short_random(text: str, least: int, score: float = _DRAWN) -> bool:
    """The same of a shorter run in a place where ids stand: capitals, small letters and digits in a jumble.

    `score`: below which; higher where the place says more.
    """
    mixed = all(re.search(sort, text) for sort in ("[A-Z]", "[a-z]", "[0-9]"))
    return mixed and len(text) >= least and _score(text) < score


def _score(text: str) -> float:
    """Above 0: rather a name; below: rather drawn by chance."""
    score = 0.0
    for run in _RUNS.findall(text):
        score += _CHANGE
        if not run.isdigit():
            score += sum(_WORD_PAIR if run[at : at + 2].lower() in _COMMON else _ODD_PAIR for at in range(len(run) - 1))
    return score
