// The facts of one product: late ones are put among them without folding everything anew each time (as timeline.hpp does for orders).
#pragma once

#include <map>
#include <set>

#include "model/attribute_timeline.hpp"
#include "model/fold_parts.hpp"

namespace cartbell {

class ProductTimeline {
  public:
    // Of all entries there are so far, any sequence, each (source, id) once. They and their operations live as long as the timeline.
    template <typename Entries>
    explicit ProductTimeline(const Entries &entries) : ProductTimeline() {
        for (const Entry &entry : entries) insert(entry);
    }
    // `product` is the fold of the entries so far, and then of this one too.
    void add(const Entry &entry, Product &product);
    void finish(Product &) {}  // nothing is put off

  private:
    // What one thing of the product was after each fact that speaks of it, and which of these facts changed it.
    template <typename Left>
    struct Course {
        std::map<FactView, Left> left;
        std::set<FactView> changes;
        void insert(const FactView &fact);
    };

    ProductTimeline();
    void insert(const Entry &entry);
    void add_attributes(const FactView &fact, Product &product) const;

    std::set<FactView> facts_;
    AttributeTimeline attributes_;
    Course<Price> prices_;
    Course<Value> stocks_;
};

}  // namespace cartbell
