"""Words for the labelled values. The tuning set uses the even ones of each list, the scored set the odd ones."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SERVICES: Final = _words("""
    checkout payments orders cart catalog search inventory shipping billing invoices identity accounts profile login
    session mail notifications push sms webhooks ledger refunds pricing promotions loyalty reviews ratings media
    thumbnails uploads exports reports analytics events audit scheduler worker gateway edge router proxy balancer
    cache queue broker storage backup geo fraud risk kyc tax currency feed timeline chat presence calendar booking
    fares seats hotels flights maps routes drivers dispatch telemetry metrics alerts config flags experiments
    tenants quotas
""")
VERBS: Final = _words("""
    get list create update delete fetch sync retry charge refund capture void submit approve reject notify render
    validate parse enrich index resolve verify issue revoke expire archive restore import export merge split route
""")
THINGS: Final = _words("""
    user order payment invoice cart item product session token message report file image document ticket event job
    task account address card shipment parcel subscription plan coupon review comment thread channel device sensor
""")
FIRST: Final = _words("""
    maria jonas li fatima ivan chloe omar priya lars ana kofi yuki emma tariq nina paulo sven aisha marek lucia
""")
LAST: Final = _words("""
    schmidt okafor chen rossi novak garcia haddad iyer larsen silva mensah tanaka brown khan petrova costa berg
""")
MAIL_HOSTS: Final = _words("""
    example.com example.org mail.example.net corp.example.co.uk example.de posta.example.it web.example.io
    example.com.br team.example.dev students.example.edu
""")
REGIONS: Final = _words("""
    eu-west-1 us-east-1 us-east-2 ap-southeast-2 eu-central-1 sa-east-1 me-south-1 af-south-1 ca-central-1
    us-gov-west-1 cn-north-1 europe-west3 us-central1 asia-northeast1 australia-southeast1 westeurope eastus2
    northeurope japaneast germanywestcentral fra1 nyc3 sgp1 ams3 lon1 eu us apac emea latam eu-west-1a us-east-1f
    europe-west3-b dc1 dc-02 rack-14 zone-3 az2 eu1 local
""")
CURRENCIES: Final = _words("""
    USD EUR GBP JPY CHF SEK NOK DKK PLN CZK HUF RON BGN TRY INR CNY HKD SGD AUD NZD CAD MXN BRL ZAR
""")
LANGUAGES: Final = _words("""
    en de fr es it pt nl sv da fi pl cs hu ro en-US en-GB de-AT fr-CA pt-BR zh-Hans zh_TW es-419 sr-Latn
""")
STATES: Final = _words("""
    ok failed pending succeeded cancelled timeout declined active inactive open closed half_open retrying queued
    running done skipped unknown healthy unhealthy degraded warm cold hit miss stale bypass expired revoked true
    false yes no on off enabled disabled low medium high critical info warn error debug none partial full
""")
CODES: Final = _words("""
    ETIMEDOUT ECONNRESET ECONNREFUSED EPIPE ENOTFOUND EAI_AGAIN UPSTREAM_TIMEOUT UPSTREAM_502 HTTP_503 E1001 E-2043
    ERR_TLS_CERT_ALTNAME_INVALID ERR_10452 ORA-00942 ORA-12170 SQLSTATE[23505] 23505 42P01 40001 0x80070005
    0xC0000005 AADSTS50011 AADSTS700016 KB5031455 CVE-2024-12345 MSB4018 CS0246 NU1101 TS2304 SIGSEGV OOMKilled
    CrashLoopBackOff ImagePullBackOff DEADLINE_EXCEEDED RESOURCE_EXHAUSTED card_declined insufficient_funds
    do_not_honor expired_card invalid_cvc rate_limited quota_exceeded 4xx 5xx 504 ConnectionResetError
    java.net.SocketTimeoutException System.TimeoutException NullPointerException ECONNABORTED UH UF,URX NR
    upstream_reset_before_response_started{connection_termination} PAYMENT_PROVIDER_UNAVAILABLE
    InvalidParameterValueException ThrottlingException ProvisionedThroughputExceededException -2147467259 P2002
    PGRST116 auth/user-not-found 1045 2013 1213 11000
""")
TYPES: Final = _words("""
    text/html application/json application/x-www-form-urlencoded multipart/form-data image/png image/svg+xml
    text/css application/vnd.api+json;version=1 video/mp4 application/grpc+proto font/woff2 text/event-stream
""")
MACHINES: Final = _words("""
    c5d.2xlarge m6i.4xlarge t3.micro n2-standard-8 e2-medium Standard_D4s_v3 db.r6g.large cache.t4g.small x86_64
    arm64 linux/amd64 windows-2022 ubuntu-22.04 debian12 node20 python3.11 go1.22.3 openjdk-21 dotnet8 ruby-3.3.0
""")
SENTENCES: Final = (
    "could not connect to {a} after {n} tries", "the {t} for {p} was not found in the {a} store",
    "user {p} has no permission to {v} this {t}", "Failed to {v} {t}: the {a} service answered too late",
    "timed out while waiting for a free connection from the pool", "Your card was declined, please try another one.",
    "invalid value for field {t}: must be at least {n}", "Unexpected token < in JSON at position {n}",
    "duplicate key value violates unique constraint on {t}", "Cannot read properties of undefined (reading '{t}')",
    "no {t} left for {p} in warehouse {n}", "{p} asked to {v} the {t} but it had been closed before",
    "request to {a} was rejected because the {t} is too large", "lost connection to the {a} database during query",
    "Bitte versuchen Sie es in {n} Minuten noch einmal", "le fichier {t} est introuvable dans le dossier de {p}",
    "retrying to {v} the {t} in {n} seconds because {a} is busy", "the customer {p} called about a missing {t} again",
)  # fmt: skip
PHRASES: Final = (
    "Internal Server Error", "Bad Gateway", "Request Timeout", "Too Many Requests", "Card Declined", "not found",
    "Network Authentication Required", "Bosnia and Herzegovina", "United States of America", "New Zealand", "Next Day",
    "credit card", "bank transfer", "no healthy upstream", "new checkout flow", "Request Header Fields Too Large",
    "Unavailable For Legal Reasons", "gift card", "Saint Kitts and Nevis", "Visa Debit", "North America", "in review",
)  # fmt: skip
