"""The seed's own example over Online Retail, through the `cartbell` command: who made fewer than 5 purchases, the last more than a month ago,
gets the offer; everybody else is blocked by the template's condition."""

import json
import lzma
import subprocess
import tempfile

import retail

MAILING = "come-back"
REASON = "not for the offer"
TEMPLATE = {
    "code": "come-back",
    "channel": "email",
    "subject": "Order {{purchases.last.order_id}}",
    "body": "<h1>Your last order {{purchases.last.order_id}}</h1>{{#purchases.last.lines}}<p>{{line_id}};{{product_id}};{{quantity}}</p>{{/purchases.last.lines}}",
    "condition": retail.SEED,
    "reason": REASON,
}
MAILING_DEFINITION = {"code": MAILING, "audience": True, "channel": "email", "category": "promo", "template": "come-back"}


def run(cartbell, *arguments, stdin=None):
    result = subprocess.run([cartbell, *arguments], input=stdin, capture_output=True, text=True)
    if result.returncode != 0:
        raise SystemExit(f"cartbell {' '.join(arguments)} ended with {result.returncode}: {result.stderr}")
    return result.stdout


def import_retail(cartbell, store):
    with tempfile.NamedTemporaryFile(suffix=".csv") as file, lzma.open(retail.path()) as packed:
        while block := packed.read(1 << 20):
            file.write(block)
        file.flush()
        return run(cartbell, "--store", store, "import", "--format", "online-retail", file.name)


def put(cartbell, store, kind, definition, *code):
    """A segment's code stands beside its predicate; templates and mailings name their own."""
    return run(cartbell, "--store", store, "--at", retail.NOW, kind, "put", *code, "-", stdin=json.dumps(definition))


def prepare(cartbell, store):
    import_retail(cartbell, store)
    put(cartbell, store, "template", TEMPLATE)
    put(cartbell, store, "mailing", MAILING_DEFINITION)


def dry_run(cartbell, store):
    return json.loads(run(cartbell, "--store", store, "--at", retail.NOW, "--json", "mailing", "dry-run", MAILING))
