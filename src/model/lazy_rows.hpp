// Rows of an object that may still lie in its stored bytes: most questions look at few orders' lines.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace cartbell {

// A vector that keeps the memory of rows it does not need now: rows own texts, and the next object may have more rows.
template <typename Row>
struct KeptRows {
    std::vector<Row> now, spare;

    void resize(size_t count) {
        while (now.size() > count) {
            spare.push_back(std::move(now.back()));
            now.pop_back();
        }
        while (now.size() < count && !spare.empty()) {
            now.push_back(std::move(spare.back()));
            spare.pop_back();
        }
        now.resize(count);
    }
};

// Reads like a vector; edit() gives the vector. Sealed rows are decoded by whoever looks first, so one thread at a time has an object with
// sealed rows, and their bytes outlive the seal. Bytes that make no sense open as no rows and leave the mark damaged().
template <typename Row>
class LazyRows {
  public:
    using Vector = std::vector<Row>;
    using Open = bool (*)(std::string_view bytes, KeptRows<Row> &rows);  // overwrites what is there; false: damaged

    LazyRows() = default;
    LazyRows(Vector rows) : rows_{std::move(rows), {}} {}
    LazyRows(std::initializer_list<Row> rows) : rows_{rows, {}} {}

    void seal(std::string_view bytes, Open open) {
        bytes_ = bytes;
        open_ = open;
        damaged_ = false;
    }
    bool damaged() const { return damaged_; }
    std::string_view sealed() const { return open_ != nullptr ? bytes_ : std::string_view(); }  // "" once they are opened
    void clear() {
        open_ = nullptr;
        damaged_ = false;
        rows_.resize(0);
    }

    const Vector &get() const {
        if (open_ != nullptr) unseal();
        return rows_.now;
    }
    Vector &edit() {
        get();
        return rows_.now;
    }

    operator const Vector &() const { return get(); }
    size_t size() const { return get().size(); }
    bool empty() const { return get().empty(); }
    auto begin() const { return get().begin(); }
    auto end() const { return get().end(); }
    const Row &operator[](size_t index) const { return get()[index]; }
    const Row &front() const { return get().front(); }
    const Row &back() const { return get().back(); }
    friend bool operator==(const LazyRows &a, const LazyRows &b) { return a.get() == b.get(); }

  private:
    void unseal() const {
        const Open open = std::exchange(open_, nullptr);
        damaged_ = !open(bytes_, rows_);
        if (damaged_) rows_.now.clear();
    }

    mutable KeptRows<Row> rows_;
    mutable Open open_ = nullptr;
    mutable bool damaged_ = false;
    std::string_view bytes_;
};

}  // namespace cartbell
