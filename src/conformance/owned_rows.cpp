#include "conformance/owned_rows.hpp"

namespace cartbell::conformance {

const Rows &owned_rows() {
    static const Rows rows = {
        {-5, "a", null, null, blob("1")},    {1, "", 10, "x", blob("2")},          {1, "a", null, "x", blob("3")},
        {1, "aa", 10, "", blob("4")},        {1, "b", -3, null, blob("5")},        {2, "Z", INT64_MAX, "y", blob("7")},
        {2, "a", 10, "x", blob("6")},        {300, "a", INT64_MIN, "xx", blob("8")}, {300, "\xc3\xa9", null, "x", blob("9")},
    };
    return rows;
}

void fill_owned(const Opened &store) {
    Work work(store, CARTBELL_STORE_WRITE);
    work.put(owned, Rows(owned_rows().rbegin(), owned_rows().rend()));
    work.commit();
}

Rows items_of(const Rows &rows) {
    Rows items;
    for (const Row &row : rows) items.push_back({row[0], row[1]});
    return items;
}

}  // namespace cartbell::conformance
