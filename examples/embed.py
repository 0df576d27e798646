"""Ten lines of Python: an order in, a verdict and its evidence out."""

import cartbell

order = {"type": "order", "id": "1", "customer": {"external_id": "C-17"}, "order": {"order_id": "100045", "currency": "EUR", "total": "99.80"}}
buyers = {"purchases": {"sum": {"of": "total", "is": {"ge": "50 EUR"}}}}

with cartbell.Engine(":memory:") as shop:  # or the path of a file
    shop.ingest(order)
    for customer in shop.segment_customers(buyers):
        why = shop.segment_explain(buyers, customer).explanation
        print(customer, why.measured, [witness.order_id for witness in why.witnesses])
