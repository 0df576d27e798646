"""An order as WooCommerce's REST API (v3) gives it, every attribute of its reference with a value of ours, and what becomes of it."""

ORDER = {
    "id": 727, "parent_id": 700, "number": "2026-727", "order_key": "wc_order_58d2d042d1d", "created_via": "checkout", "version": "9.1.2",
    "status": "on-hold", "currency": "EUR", "currency_symbol": "€",
    "date_created": "2026-03-01T10:00:05", "date_created_gmt": "2026-03-01T08:00:05", "date_modified": "2026-03-05T12:00:00", "date_modified_gmt": "2026-03-05T10:00:00",
    "discount_total": "22.00", "discount_tax": "4.62", "shipping_total": "5.00", "shipping_tax": "1.05", "cart_tax": "21.00", "total": "128.87", "total_tax": "22.47",
    "prices_include_tax": True, "customer_id": 26, "customer_ip_address": "192.0.2.7", "customer_user_agent": "Mozilla/5.0", "customer_note": "Ring twice",
    "billing": {"first_name": "Anna", "last_name": "Bērziņa", "company": "SIA Krūze", "address_1": "Brīvības iela 1", "address_2": "dz. 5", "city": "Rīga",
                "state": "RIX", "postcode": "LV-1010", "country": "LV", "email": "anna@example.lv", "phone": "+371 2000 0001"},
    "shipping": {"first_name": "Pēteris", "last_name": "Ozols", "company": "SIA Ozols", "address_1": "Miera iela 3", "address_2": "2. stāvs", "city": "Cēsis",
                 "state": "VID", "postcode": "LV-4101", "country": "EE", "phone": "+371 3"},
    "payment_method": "bacs", "payment_method_title": "Direct bank transfer", "transaction_id": "tx-81",
    "date_paid": "2026-03-02T11:00:00", "date_paid_gmt": "2026-03-02T09:00:00", "date_completed": None, "date_completed_gmt": None,
    "cart_hash": "a1b2", "payment_url": "https://shop.example.lv/checkout/order-pay/727/", "is_editable": False, "needs_payment": False, "needs_processing": True,
    "meta_data": [{"id": 13106, "key": "Gift wrap", "value": "red"}, {"id": 13107, "key": "_internal", "value": "x"}, {"id": 13108, "key": "slot", "value": {"from": 9}}],
    "line_items": [
        {"id": 315, "name": "Mug - red", "parent_name": "Mug", "product_id": 93, "variation_id": 95, "quantity": 2, "tax_class": "reduced", "subtotal": "99.90",
         "subtotal_tax": "20.98", "total": "79.90", "total_tax": "16.78", "sku": "MUG-R", "price": 39.95, "image": {"id": 7, "src": "https://shop.example.lv/mug.jpg"},
         "taxes": [{"id": 75, "total": "16.78", "subtotal": "20.98"}],
         "meta_data": [{"id": 2095, "key": "pa_colour", "value": "red", "display_key": "Colour", "display_value": "Red"},
                       {"id": 2096, "key": "Engraving", "value": "Anna", "display_key": "Engraving", "display_value": "Anna"},
                       {"id": 2097, "key": "_reduced_stock", "value": "2", "display_key": "_reduced_stock", "display_value": "2"}]},
        {"id": 316, "name": "Card", "parent_name": None, "product_id": 94, "variation_id": 0, "quantity": 1, "tax_class": "", "subtotal": "20.00",
         "subtotal_tax": "4.20", "total": "20.00", "total_tax": "4.22", "sku": "", "price": 20, "image": {"id": "", "src": ""}, "taxes": [], "meta_data": []},
    ],
    "tax_lines": [{"id": 318, "rate_code": "LV-PVN", "rate_id": 75, "label": "PVN", "compound": False, "tax_total": "21.42", "shipping_tax_total": "1.05", "meta_data": []}],
    "shipping_lines": [{"id": 317, "method_title": "Courier", "method_id": "flat_rate", "instance_id": "4", "total": "5.00", "total_tax": "1.05", "taxes": [], "meta_data": []}],
    "fee_lines": [{"id": 320, "name": "Handling", "tax_class": "", "tax_status": "taxable", "total": "1.50", "total_tax": "0.32", "taxes": [], "meta_data": []}],
    "coupon_lines": [{"id": 321, "code": "spring", "discount": "20.00", "discount_tax": "4.20", "meta_data": []},
                     {"id": 322, "code": "vip", "discount": "2.00", "discount_tax": "0.42", "meta_data": []}],
    "refunds": [{"id": 726, "reason": "chipped", "total": "-10.00"}, {"id": 728, "reason": "", "total": "-5.50"}],
    "_links": {"self": [{"href": "https://shop.example.lv/wp-json/wc/v3/orders/727"}]},
}

STORED_ORDER = {
    "order_id": "727", "placed_at": "2026-03-01T08:00:05Z", "updated_at": "2026-03-05T10:00:00Z", "source": "system", "currency": "EUR",
    "delivery": {"type": "Courier", "provider": "flat_rate", "note": "Ring twice", "cost": "5.00",
                 "address": {"country": "EE", "city": "Cēsis", "street": "Miera iela 3, 2. stāvs", "postcode": "LV-4101"}},
    "payment": {"type": "Direct bank transfer", "provider": "bacs", "paid": "128.87"},
    "payments": [{"payment_id": "tx-81", "type": "Direct bank transfer", "provider": "bacs", "amount": "128.87", "at": "2026-03-02T09:00:00Z"}],
    "subtotal": "99.90", "discount": "2.00", "tax": "22.47", "total": "128.87", "refunded": "15.50", "coupons": ["spring", "vip"],
    "status": {"general": {"code": "on_hold", "at": "2026-03-05T10:00:00Z", "name": "On hold"},
               "payment": {"code": "paid", "at": "2026-03-02T09:00:00Z", "name": "Paid"}},
    "lines": [
        {"line_id": "315", "product_id": "93", "name": "Mug", "variant": "Red", "image_url": "https://shop.example.lv/mug.jpg", "quantity": "2", "price": "49.95",
         "discount": "20.00", "total": "79.90", "fields": {"sku": "MUG-R", "variation_id": "95", "engraving": "Anna"}},
        {"line_id": "316", "product_id": "94", "name": "Card", "quantity": "1", "price": "20.00", "discount": "0.00", "total": "20.00"},
    ],
    "fields": {"order_number": "2026-727", "created_via": "checkout", "fees": "1.50", "gift_wrap": "red", "slot": '{"from":9}'},
    "in_analytics": True, "line_count": 2, "quantity": "3", "customer": {"external_id": "26"}, "version": 1,
}
STORED_CUSTOMER = {
    "customer": {"external_id": "26", "email": "anna@example.lv", "phone": "+37120000001"},
    "profile": {"first_name": "Anna", "last_name": "Bērziņa", "full_name": "Anna Bērziņa", "country": "LV", "city": "Rīga",
                "street": "Brīvības iela 1, dz. 5", "postcode": "LV-1010"},
}

# What no WooCommerce order says: the rest of the fields of docs/formats.md must be filled by ORDER.
NOT_OF_WOOCOMMERCE = {
    "order": {"url", "delivery.point_id", "delivery.point_name", "delivery.at", "delivery.until", "delivery.tracking", "delivery.tracking_url",
              "payment.bonuses_paid", "bonuses_accrued"},
    "line": {"url", "brand", "category", "weight", "returned", "bonuses_accrued", "bonuses_paid"},
    "payment": {"installments"},
    "customer": {"anonymous_id", "device_id", "middle_name", "gender", "birth_date", "locale", "time_zone", "registered_at"},
}

# Attributes of ORDER that are read only if another one is absent: what to take away to see it.
SECOND_CHOICE = {
    "line_items.*.price": ["subtotal"], "line_items.0.name": ["parent_name"],
    "line_items.0.meta_data.0.value": ["meta_data.0.display_value"], "line_items.0.meta_data.1.key": ["meta_data.1.display_key"],
    "line_items.0.meta_data.1.value": ["meta_data.1.display_value"], "shipping_lines.0.total": ["$shipping_total"],
}
# Other values, where not any other will do.
OTHER = {"customer_id": 27, "date_completed_gmt": "2026-03-04T08:00:00", "line_items.1.variation_id": 96, "line_items.0.meta_data.2.key": "Reduced",
         "meta_data.1.key": "Internal", "line_items.0.meta_data.1.key": "Text", "line_items.0.meta_data.0.key": "colour"}
# Attributes that Cartbell has no place for. * is any member or element.
NO_PLACE = [
    "parent_id", "order_key", "version", "currency_symbol", "date_created", "date_modified", "date_paid", "date_completed", "date_completed_gmt", "discount_tax", "shipping_tax",
    "cart_tax", "prices_include_tax", "customer_ip_address", "customer_user_agent", "cart_hash", "payment_url", "is_editable", "needs_payment", "needs_processing",
    "billing.company", "billing.state", "shipping.first_name", "shipping.last_name", "shipping.company", "shipping.state", "shipping.phone",
    "meta_data.*.id", "meta_data.1.value", "line_items.*.tax_class", "line_items.*.subtotal_tax", "line_items.*.total_tax", "line_items.*.taxes.*",
    "line_items.*.image.id", "line_items.*.meta_data.*.id", "line_items.0.meta_data.0.display_key", "line_items.0.meta_data.2.value",
    "line_items.0.meta_data.2.display_*", "tax_lines.*", "shipping_lines.*.id", "shipping_lines.*.instance_id", "shipping_lines.*.total_tax",
    "fee_lines.*.id", "fee_lines.*.name", "fee_lines.*.tax_*", "fee_lines.*.total_tax", "coupon_lines.*.id", "coupon_lines.*.discount*",
    "refunds.*.id", "refunds.*.reason", "_links.*",
]
