# A sample shop as NDJSON, one order a line, the same in every run: awk -v customers=800 -v orders=3000 -f generate_shop.awk
# Orders are spread over the two years before 2026-06-01; some customers buy often, some once and long ago.

function random(below) {   # Park and Miller's generator: exact in doubles
    state = (state * 16807) % 2147483647
    return int(state / 2147483647 * below)
}

function two(n) { return n < 10 ? "0" n : n }

# Seconds since 1970 as RFC 3339 in UTC; the civil calendar counted in eras of 400 years from March.
function instant(seconds,    days, left, era, day_of_era, year_of_era, day_of_year, shifted, day, month, year) {
    days = int(seconds / 86400)
    left = seconds - days * 86400
    days += 719468
    era = int(days / 146097)
    day_of_era = days - era * 146097
    year_of_era = int((day_of_era - int(day_of_era / 1460) + int(day_of_era / 36524) - int(day_of_era / 146096)) / 365)
    day_of_year = day_of_era - (365 * year_of_era + int(year_of_era / 4) - int(year_of_era / 100))
    shifted = int((5 * day_of_year + 2) / 153)
    day = day_of_year - int((153 * shifted + 2) / 5) + 1
    month = shifted < 10 ? shifted + 3 : shifted - 9
    year = year_of_era + era * 400 + (month <= 2 ? 1 : 0)
    return year "-" two(month) "-" two(day) "T" two(int(left / 3600)) ":" two(int(left / 60) % 60) ":" two(left % 60) "Z"
}

function money(cents) { return int(cents / 100) "." two(cents % 100) }

function lines_of(count,    text, total, product, quantity, price, line) {
    text = ""
    total = 0
    for (line = 1; line <= count; ++line) {
        product = random(product_count) + 1
        quantity = random(10) < 8 ? 1 : 2 + random(3)
        price = cents[product]
        total += quantity * price
        text = text (line > 1 ? "," : "") "{\"line_id\":\"" line "\",\"product_id\":\"SKU-" product "\",\"name\":\"" names[product] \
            "\",\"category\":[\"" categories[product] "\"],\"quantity\":\"" quantity "\",\"price\":\"" money(price) "\",\"total\":\"" money(quantity * price) "\"}"
    }
    order_total = total
    return text
}

BEGIN {
    if (!customers) customers = 800
    if (!orders) orders = 3000
    state = 20260601
    first_count = split("Anna Boris Clara Dmitri Elena Felix Greta Henrik Ilze Janis Katrin Liga Marta Nils Olga Peteris Renars Sofia Toms Vera", first, " ")
    last_count = split("Berg Liepa Ozols Kalnins Lund Novak Petrov Silva Weber Zarins", last, " ")
    city_count = split("Riga,Tallinn,Vilnius,Berlin,Stockholm,Helsinki", cities, ",")
    split("LV,EE,LT,DE,SE,FI", countries, ",")
    product_count = 0
    parts = split("Stoneware mug:Kitchen:1290;Linen towel:Kitchen:990;Oak board:Kitchen:3450;Green tea:Pantry:640;Dark coffee:Pantry:1180;" \
        "Honey:Pantry:870;Wool socks:Clothes:1450;Linen shirt:Clothes:6900;Rain jacket:Clothes:11900;Desk lamp:Home:5400;" \
        "Candle & holder:Home:1990;Blanket \\\"Fjord\\\":Home:7950", products, ";")
    for (part = 1; part <= parts; ++part) {
        split(products[part], fields, ":")
        ++product_count
        names[product_count] = fields[1]
        categories[product_count] = fields[2]
        cents[product_count] = fields[3]
    }
    # What the shop knows of its customers, for the greeting.
    for (who = 1; who <= customers; ++who)
        printf "{\"type\":\"customer\",\"id\":\"profile-%d\",\"occurred_at\":\"2024-06-01T00:00:00Z\",\"customer\":{\"external_id\":\"C-%d\"},\"profile\":{\"first_name\":\"%s\",\"last_name\":\"%s\",\"city\":\"%s\",\"country\":\"%s\"}}\n", \
            who, who, first[who * 7 % first_count + 1], last[int(who / 3) % last_count + 1], cities[who % city_count + 1], countries[who % city_count + 1]
    from = 1717200000   # 2024-06-01T00:00:00Z
    span = 730 * 86400
    for (number = 1; number <= orders; ++number) {
        # Two draws, the smaller taken twice as often: the customers of low numbers are the regulars.
        a = random(customers)
        b = random(customers)
        who = (a < b ? a : b) + 1
        at = instant(from + int(span / orders * number) + random(3600))
        name = first[who * 7 % first_count + 1]
        surname = last[int(who / 3) % last_count + 1]
        place = who % city_count + 1
        lines = lines_of(1 + random(4))
        status = random(100) < 6 ? "cancelled" : "completed"
        printf "{\"type\":\"order\",\"id\":\"order-%d\",\"occurred_at\":\"%s\",\"customer\":{\"external_id\":\"C-%d\",\"email\":\"%s.%s.%d@example.org\"},", \
            number, at, who, tolower(name), tolower(surname), who
        printf "\"order\":{\"order_id\":\"%d\",\"placed_at\":\"%s\",\"currency\":\"EUR\",\"status\":{\"general\":\"%s\"},", 100000 + number, at, status
        printf "\"delivery\":{\"type\":\"courier\",\"address\":{\"country\":\"%s\",\"city\":\"%s\"},\"cost\":\"4.90\"},", countries[place], cities[place]
        printf "\"total\":\"%s\",\"lines\":[%s]}}\n", money(order_total + 490), lines
    }
}
