"""The shapes of well-known secrets: a name (shown in the marker) and a pattern for each. Data, read by `redact`.

Patterns start with fixed letters, end in a possessive run and hold no nested repetition, so that a search takes time
in proportion to the text. Lengths are lower bounds below the real ones, because logs cut values off.
Source: the providers' own pages on their token formats, and the public rule list of the scanner gitleaks.
"""

from __future__ import annotations

import re
from typing import Final

BEGIN: Final = r"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
"""A token begins at no letter or digit, or behind one that belongs to an escape (`%3D`, a written-out `\\n`)."""

TOKENS: Final = {
    "aws-key": r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",
    "github-token": r"gh[pousr]_[A-Za-z0-9]{20,}+|github_pat_[A-Za-z0-9_]{20,}+",
    "gitlab-token": r"gl(?:pat|dt|rt|cbt|ptt|ft|oas|soat|agent|imt)-[A-Za-z0-9_.-]{16,}+",
    "slack-token": r"xox[abeoprs]-[A-Za-z0-9-]{10,}+|xapp-[0-9]-[A-Za-z0-9-]{10,}+"
    r"|hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/]{16,}+",
    "stripe-key": r"[sr]k_(?:live|test)_[A-Za-z0-9]{10,}+|whsec_[A-Za-z0-9+/=]{16,}+",
    "google-key": r"AIza[A-Za-z0-9_-]{30,}+|ya29\.[A-Za-z0-9_-]{20,}+|GOCSPX-[A-Za-z0-9_-]{20,}+",
    "anthropic-key": r"sk-ant-[A-Za-z0-9_-]{16,}+",
    "openai-key": r"sk-(?:proj|svcacct|admin|or-v1)-[A-Za-z0-9_-]{16,}+|sk-[A-Za-z0-9]{32,}+",
    "npm-token": r"npm_[A-Za-z0-9]{30,}+",
    "pypi-token": r"pypi-(?:AgE[A-Za-z0-9_-]{13,}+|[A-Za-z0-9_-]{50,}+)",
    "sendgrid-key": r"SG\.[A-Za-z0-9_-]{16,}+\.[A-Za-z0-9_-]{8,}+",
    "twilio-key": r"SK[0-9a-f]{32}(?![A-Za-z0-9])",
    "digitalocean-token": r"do[opr]_v1_[a-f0-9]{32,}+",
    "huggingface-token": r"hf_[A-Za-z0-9]{30,}+",
    "databricks-token": r"dapi[0-9a-f]{32}(?![A-Za-z0-9])",
    "shopify-token": r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{30,}+",
    "square-token": r"sq0[a-z]{3}-[A-Za-z0-9_-]{20,}+",
    "mailgun-key": r"key-[0-9a-f]{32}(?![A-Za-z0-9])",
    "mailchimp-key": r"[0-9a-f]{32}-us[0-9]{1,2}(?![A-Za-z0-9])",
    "telegram-token": r"[0-9]{8,10}:AA[A-Za-z0-9_-]{30,}+",
    "vault-token": r"hv[sbr]\.[A-Za-z0-9_-]{20,}+",
    "grafana-token": r"glsa_[A-Za-z0-9]{20,}+(?:_[0-9a-f]{8})?|glc_[A-Za-z0-9+/=]{30,}+",
    "atlassian-token": r"ATATT3[A-Za-z0-9_=-]{30,}+",
    "doppler-token": r"dp\.(?:pt|st|ct|sa)\.[A-Za-z0-9_.-]{30,}+",
    "linear-key": r"lin_api_[A-Za-z0-9]{30,}+",
    "newrelic-key": r"NRAK-[A-Z0-9]{20,}+",
    "postman-key": r"PMAK-[A-Za-z0-9-]{30,}+",
    "age-key": r"AGE-SECRET-KEY-1[A-Z0-9]{30,}+",
    # The first part is the base64 of a number of 17 to 19 digits: each position has its few letters.
    "discord-token": r"(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5]){4}[A-Za-z0-9_-]{6,14}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{20,}+"
    r"|discord(?:app)?\.com/api/webhooks/[0-9]{10,20}/[A-Za-z0-9_-]{20,}+",
    "docker-token": r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}+",
    "heroku-key": r"HRKU-[A-Za-z0-9_-]{30,}+",
    "cloudflare-key": r"v1\.0-[0-9a-f]{24}-[0-9a-f]{32,}+",
    "azure-secret": r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,}+",
    "terraform-token": r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{30,}+",
    "supabase-key": r"sb(?:p_[a-f0-9]{30,}+|_secret_[A-Za-z0-9_-]{20,}+)",
    "sentry-token": r"sntry[su]_[A-Za-z0-9+/=_]{40,}+",
    "planetscale-token": r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9=._-]{30,}+",
    "rubygems-key": r"rubygems_[a-f0-9]{40,}+",
    "notion-token": r"ntn_[A-Za-z0-9]{40,}+",
    "figma-token": r"fig[dor]_[A-Za-z0-9_-]{30,}+",
    "dynatrace-token": r"dt0[a-z][0-9]{2}\.[A-Z0-9]{24}\.[A-Z0-9]{40,}+",
    "groq-key": r"gsk_[A-Za-z0-9]{40,}+",
    "perplexity-key": r"pplx-[A-Za-z0-9]{40,}+",
    "replicate-token": r"r8_[A-Za-z0-9]{35,}+",
    "xai-key": r"xai-[A-Za-z0-9]{60,}+",
    "brevo-key": r"xkeysib-[a-f0-9]{50,}+(?:-[A-Za-z0-9]{8,}+)?",
    "tailscale-key": r"tskey-[a-z]{3,10}-[A-Za-z0-9-]{20,}+",
    "onepassword-token": r"ops_eyJ[A-Za-z0-9_-]{60,}+",
    "pulumi-token": r"pul-[a-f0-9]{40}(?![A-Za-z0-9])",
    "shippo-token": r"shippo_(?:live|test)_[a-f0-9]{30,}+",
    "aws-bedrock-key": r"ABSK[A-Za-z0-9+/]{80,}+={0,2}",
    "jwt": r"eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{6,}+(?:\.[A-Za-z0-9_-]*+){0,3}",
}
"""Kind -> pattern. A JWT counts from its second part on: its payload alone is personal data."""

TOKEN: Final = re.compile(
    BEGIN + "(?:" + "|".join(f"(?P<{kind.replace('-', '_')}>{pattern})" for kind, pattern in TOKENS.items()) + ")"
)

PRIVATE_KEY: Final = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:.*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|.*+)",
    re.DOTALL,
)
"""The whole block; where its end was cut off, all that follows."""

SCHEME: Final = re.compile(
    r"\b(?P<scheme>bearer|basic)(?P<space>\s{1,4}+)(?P<value>[A-Za-z0-9._~+/=-]{6,}+)", re.IGNORECASE
)
"""Credentials of HTTP Authorization (RFC 6750, RFC 7617) wherever they stand."""

USERINFO: Final = re.compile(
    r"(?<=://)(?:"
    r"[^\s:/@\[\]?#]{0,128}+:(?![0-9]{1,5}(?:[/?#\s]|\Z))[^\s@\"'<>]{1,256}+@(?:[^\s/?#@\"'<>]{1,128}+@)*+"
    r"|[^\s:/@\[\]?#]{16,512}+@"
    r"|[^\s:/@\[\]?#]{0,128}+:(?![0-9]{1,5}\Z)[^\s/@{}$%<>\[\]\"']{1,256}+\Z"
    r")"
)
"""`user:password@` of a connection string, a token in its place, and what a cut left of it at the end of the text."""

MAIL: Final = re.compile(
    r"(?<![\w.+-])(?!git@)[\w.+-]++(?:@|%40)(?![0-9]++\.[0-9])(?:[\w-]{1,63}+\.){1,8}(?:[A-Za-z]{2,24}|xn--[a-z0-9-]{2,59})\b"
)
"""An e-mail address; `git@host` and `package@1.2.3` are none."""

NAMES: Final = (
    r"passwords?|passwd|pass[_-]?phrase|pass[_-]?code|(?<![a-z])(?:pass|pwd|sig)"
    r"|secret(?:[_-]?access)?[_-]?key|(?:client|app|consumer|shared)?[_-]?secret"
    r"|(?:x-)?(?:api|access|account|private|shared[_-]?access|encryption|signing)[_-]?key"
    r"|(?:access|refresh|id|auth|security|csrf|xsrf|session)?[_-]?token"
    r"|(?:proxy-)?authorization|(?:set-)?cookie|credentials?"
    r"|(?<![a-z])session(?:[_-]?(?:id|key))?|(?:js|php)?sess?ion?id|phpsessid|connect\.sid"
    r"|x-amz-(?:signature|credential|security-token)|x-goog-signature"
)
PAIR: Final = re.compile(
    r"(?P<name>" + NAMES + r")"
    r"(?P<mid>(?:\\{0,3}[\"'])?\s{0,3}(?::=|=>|[:=]|%3[dD])\s{0,3})"
    r"(?P<value>\"(?:[^\"\\]++|\\.)*+\"?"
    r"|'(?:[^'\\]++|\\.)*+'?"
    r"|(?P<mark>\\{1,3}[\"'])(?:(?!(?P=mark)).)*+(?:(?P=mark))?"
    r"|[^\s,;&\"'<>]++)",
    re.IGNORECASE | re.DOTALL,
)
"""`name=value`, `name: value`, `"name": "value"` and the same inside an escaped string; the value may be cut off."""

UNHINTED: Final = re.compile(
    r"[0-9]{14}|[0-9]{4}[ -][0-9]{4}|[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4}"
    r"|(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5]){4}"
)
"""What cards, IBANs and the few tokens begin with that have no letters of their own in common."""

HINTS: Final = (
    "@", "%40", "://", "eyj", "-----begin", "akia", "asia", "abia", "acca", "ghp_", "gho_", "ghu_", "ghs_", "ghr_",
    "github_pat", "glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "gloas-", "glsoat-", "glagent-", "glimt-",
    "xox", "xapp-", "slack.com", "sk", "rk_", "whsec_", "aiza", "ya29", "gocspx", "npm_", "pypi-", "sg.", "_v1_", "hf_",
    "dapi", "shpat", "shpca", "shppa", "shpss", "sq0", "key", "-us", ":aa", "hvs.", "hvb.", "hvr.", "glsa_", "glc_",
    "atatt", "dp.", "lin_api", "nrak", "pmak", "bearer", "basic", "pass", "pwd", "secret", "token", "authoriz",
    "cookie", "creden", "sess", "sid", "sig", "discord", "dckr_", "hrku-", "v1.0-", "q~", ".atlasv1.", "sbp_", "sntry",
    "pscale_", "rubygems_", "ntn_", "figd_", "figo_", "figr_", "dt0", "gsk_", "pplx-", "r8_", "xai-", "xkeysib-",
    "tskey-", "ops_", "pul-", "shippo_", "absk",
)  # fmt: skip
"""Lower case; every secret known here holds one of them. Text without any is left alone after this search, which is
several times faster than one pattern of them all."""
