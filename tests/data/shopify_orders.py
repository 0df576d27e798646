"""An order as Shopify's API gives it, with every attribute that Cartbell has a place for, and what becomes of it."""

ADDRESS = {"address1": "Brīvības iela 1", "address2": "dz. 5", "city": "Rīga", "company": "SIA Krūze", "country": "Latvia", "country_code": "LV",
           "first_name": "Anna", "last_name": "Bērziņa", "latitude": 56.9, "longitude": 24.1, "name": "Anna Bērziņa", "phone": "67000000",
           "province": None, "province_code": None, "zip": "LV-1010"}


def address(street, city, zip_code, name):
    return {**ADDRESS, "address1": street, "city": city, "zip": zip_code, "name": name}


ORDER = {
    "id": 5_000_000_000_123, "name": "#2001", "number": 1001, "order_number": 2001, "token": "t-1", "test": False,
    "created_at": "2026-03-01T10:00:05+02:00", "processed_at": "2026-03-01T10:00:00+02:00", "updated_at": "2026-03-05T12:00:00+02:00",
    "closed_at": None, "cancelled_at": None, "cancel_reason": None,
    "currency": "EUR", "presentment_currency": "EUR", "email": "order@example.lv", "contact_email": "contact@example.lv", "phone": "+371 2000 0002",
    "customer_locale": "lv-LV", "order_status_url": "https://shop.example.lv/orders/t-1", "source_name": "web", "note": "Ring twice",
    "note_attributes": [{"name": "Gift wrap", "value": "red"}, {"name": "gift-wrap", "value": "blue"}, {"name": "Подарок", "value": "да"}],
    "tags": "vip, spring", "buyer_accepts_marketing": True, "landing_site": "/", "taxes_included": True,
    "financial_status": "partially_refunded", "fulfillment_status": "fulfilled",
    "subtotal_price": "79.40", "total_line_items_price": "99.90", "total_discounts": "22.50", "total_tax": "13.78", "total_price": "82.40",
    "total_outstanding": "10.00", "total_weight": 1230,
    "discount_codes": [{"code": "SPRING", "amount": "20.50", "type": "percentage"}, {"code": "VIP", "amount": "2.00", "type": "shipping"}],
    "gateway": "stripe", "payment_gateway_names": ["stripe_new", "gift_card"], "processing_method": "direct",
    "payment_details": {"credit_card_company": "Visa", "credit_card_number": "•••• 4242"},
    "transactions": [
        {"id": 701, "kind": "authorization", "status": "success", "gateway": "stripe", "amount": "82.40", "created_at": "2026-03-01T10:00:01+02:00"},
        {"id": 702, "kind": "capture", "status": "success", "gateway": "stripe", "amount": "72.40", "created_at": "2026-03-01T10:01:00+02:00",
         "processed_at": "2026-03-01T10:00:59+02:00", "payment_details": {"credit_card_company": "Visa"}},
        {"id": 703, "kind": "sale", "status": "failure", "gateway": "stripe", "amount": "10.00", "created_at": "2026-03-01T10:02:00+02:00"},
    ],
    "tax_lines": [{"title": "PVN", "price": "13.78", "rate": 0.21}],
    "line_items": [
        {"id": 901, "product_id": 801, "variant_id": 8011, "sku": "MUG-R", "title": "Mug", "name": "Mug - red", "variant_title": "red", "vendor": "Krūze",
         "quantity": 2, "price": "39.95", "grams": 400, "total_discount": "0.00", "discount_allocations": [{"amount": "10.00"}, {"amount": "10.50"}],
         "properties": [{"name": "Engraving", "value": "Anna"}], "requires_shipping": True, "taxable": True, "fulfillment_status": "fulfilled"},
        {"id": 902, "product_id": 802, "variant_id": 8021, "sku": "", "title": "Card", "variant_title": None, "vendor": None,
         "quantity": 1, "price": "20.00", "grams": 30, "total_discount": "0.00", "discount_allocations": [], "properties": []},
    ],
    "shipping_lines": [{"title": "Courier", "code": "omniva-1", "price": "5.00", "source": "omniva", "carrier_identifier": "omniva-id",
                        "discounted_price": "3.00", "discount_allocations": [{"amount": "2.00"}]}],
    "shipping_address": address("Miera iela 3", "Cēsis", "LV-4101", "Pēteris Ozols"),
    "billing_address": address("Elizabetes iela 7", "Rīga", "LV-1011", "Anna B."),
    "fulfillments": [
        {"id": 601, "status": "cancelled", "tracking_company": "DHL", "tracking_number": "X-0", "tracking_url": "https://dhl.example/X-0", "shipment_status": None},
        {"id": 602, "status": "success", "tracking_company": "Omniva", "tracking_number": "CE-1", "tracking_url": "https://omniva.example/CE-1",
         "shipment_status": "delivered"},
    ],
    "refunds": [{"id": 501, "created_at": "2026-03-04T09:00:00+02:00", "note": "chipped",
                 "refund_line_items": [{"line_item_id": 901, "quantity": 1, "subtotal": "29.70"}],
                 "transactions": [{"id": 704, "kind": "refund", "status": "success", "amount": "29.70"},
                                  {"id": 705, "kind": "refund", "status": "failure", "amount": "1.00"}]}],
    "customer": {"id": 300, "email": "anna@example.lv", "phone": "+371 2000 0001", "first_name": "Anna", "last_name": "Bērziņa", "state": "enabled",
                 "created_at": "2024-05-06T07:08:09Z", "updated_at": "2026-03-02T00:00:00Z", "orders_count": 3, "tags": "b2c", "note": None,
                 "default_address": ADDRESS},
}

STORED_ORDER = {
    "order_id": "5000000000123", "placed_at": "2026-03-01T08:00:00Z", "updated_at": "2026-03-05T10:00:00Z", "source": "system", "currency": "EUR",
    "url": "https://shop.example.lv/orders/t-1",
    "delivery": {"type": "Courier", "provider": "Omniva", "note": "Ring twice", "cost": "3.00", "tracking": "CE-1", "tracking_url": "https://omniva.example/CE-1",
                 "address": {"country": "LV", "city": "Cēsis", "street": "Miera iela 3, dz. 5", "postcode": "LV-4101"}},
    "payment": {"type": "card", "provider": "stripe", "paid": "72.40"},
    "payments": [{"payment_id": "702", "type": "card", "provider": "stripe", "amount": "72.40", "at": "2026-03-01T08:00:59Z"}],
    "subtotal": "79.40", "discount": "0.00", "tax": "13.78", "total": "82.40", "refunded": "29.70", "coupons": ["SPRING", "VIP"],
    "status": {"general": {"code": "open", "at": "2026-03-05T10:00:00Z", "name": "Open"},
               "delivery": {"code": "delivered", "at": "2026-03-05T10:00:00Z", "name": "Delivered"},
               "payment": {"code": "partially_refunded", "at": "2026-03-05T10:00:00Z", "name": "Partially refunded"}},
    "lines": [
        {"line_id": "901", "product_id": "801", "name": "Mug", "brand": "Krūze", "variant": "red", "quantity": "2", "returned": "1", "price": "39.95",
         "discount": "20.50", "total": "59.40", "weight": "0.4", "fields": {"sku": "MUG-R", "variant_id": "8011", "engraving": "Anna"}},
        {"line_id": "902", "product_id": "802", "name": "Card", "quantity": "1", "returned": "0", "price": "20.00", "discount": "0.00", "total": "20.00",
         "weight": "0.03", "fields": {"variant_id": "8021"}},
    ],
    "fields": {"order_name": "#2001", "tags": ["vip", "spring"], "gift_wrap": "red", "gift_wrap_2": "blue", "x_d09fd0bed0b4d0b0d180d0bed0ba": "да"},
    "in_analytics": True, "line_count": 2, "quantity": "3", "customer": {"external_id": "300"}, "version": 1,
}
STORED_CUSTOMER = {
    "customer": {"external_id": "300", "email": "anna@example.lv", "phone": "+37120000001"},
    "profile": {"first_name": "Anna", "last_name": "Bērziņa", "full_name": "Anna Bērziņa", "country": "LV", "city": "Rīga",
                "street": "Brīvības iela 1, dz. 5", "postcode": "LV-1010", "locale": "lv-LV", "registered_at": "2024-05-06T07:08:09Z"},
}

# What no Shopify order says: the rest of the fields of docs/formats.md must be filled by ORDER.
NOT_OF_SHOPIFY = {
    "order": {"delivery.point_id", "delivery.point_name", "delivery.at", "delivery.until", "payment.bonuses_paid", "bonuses_accrued"},
    "line": {"url", "image_url", "category", "bonuses_accrued", "bonuses_paid"},
    "payment": {"installments"},
    "customer": {"anonymous_id", "device_id", "middle_name", "gender", "birth_date", "time_zone"},
}

# Attributes of ORDER that are read only if another one is absent: what to take away to see it.
SECOND_CHOICE = {
    "created_at": ["processed_at"], "email": ["customer.email"], "contact_email": ["customer.email", "email"], "phone": ["customer.phone"],
    "payment_gateway_names.0": ["gateway"], "processing_method": ["payment_details"],
    "payment_details.credit_card_number": ["payment_details.credit_card_company"], "payment_details.credit_card_company": ["payment_details.credit_card_number"],
    "line_items.0.name": ["line_items.0.title"], "line_items.0.total_discount": ["line_items.0.discount_allocations"],
    "shipping_lines.0.carrier_identifier": ["fulfillments"], "shipping_lines.0.source": ["fulfillments", "shipping_lines.0.carrier_identifier"],
    "transactions.1.created_at": ["transactions.1.processed_at"],
    "shipping_address.country": ["shipping_address.country_code"], "customer.default_address.country": ["customer.default_address.country_code"],
    "billing_address.name": ["customer.default_address"], "billing_address.address1": ["customer.default_address"],
    "billing_address.address2": ["customer.default_address"], "billing_address.city": ["customer.default_address"],
    "billing_address.zip": ["customer.default_address"], "billing_address.country_code": ["customer.default_address"],
    "billing_address.country": ["customer.default_address", "billing_address.country_code"],
    "billing_address.first_name": ["customer"], "billing_address.last_name": ["customer"],
}
# Other values, where not any other will do.
OTHER = {
    "financial_status": "voided", "fulfillment_status": "partial",
    "payment_details.credit_card_company": None, "payment_details.credit_card_number": None,
    "transactions.1.kind": "void", "transactions.1.status": "failure", "transactions.1.payment_details.credit_card_company": None,
    "fulfillments.0.status": "success", "fulfillments.1.status": "cancelled", "fulfillments.1.shipment_status": "in_transit",
    "refunds.0.transactions.0.kind": "void", "refunds.0.transactions.0.status": "failure", "refunds.0.transactions.1.status": "success",
}
# Attributes that Cartbell has no place for. * is any member or element.
NO_PLACE = [
    "number", "order_number", "token", "test", "cancel_reason", "presentment_currency", "source_name", "buyer_accepts_marketing", "landing_site",
    "taxes_included", "total_line_items_price", "total_weight", "tax_lines.*", "discount_codes.*.amount", "discount_codes.*.type",
    "payment_gateway_names.1", "transactions.0.*", "transactions.2.*", "line_items.*.requires_shipping", "line_items.*.taxable",
    "line_items.*.fulfillment_status", "shipping_lines.*.code", "shipping_lines.*.discounted_price",
    "*_address.company", "*_address.latitude", "*_address.longitude", "*_address.phone", "*_address.province", "*_address.province_code",
    "shipping_address.name", "shipping_address.first_name", "shipping_address.last_name", "customer.default_address.first_name",
    "customer.default_address.last_name", "fulfillments.*.id", "fulfillments.0.tracking_*", "fulfillments.0.shipment_status", "refunds.*.id", "refunds.*.created_at", "refunds.*.note",
    "refunds.*.refund_line_items.*.subtotal", "refunds.*.transactions.*.id", "refunds.*.transactions.1.amount", "refunds.*.transactions.1.kind",
    "customer.state", "customer.orders_count", "customer.tags", "customer.note",
]
