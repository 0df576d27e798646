// Writes JSON without building it first: commas put themselves.
#pragma once

#include <string>
#include <string_view>

#include "base/text.hpp"

namespace cartbell::codec {

class JsonWriter {
  public:
    explicit JsonWriter(std::string &out) : out_(out), begin_(out.size()) {}

    JsonWriter &open(char bracket) {  // '{' or '['
        separate();
        out_ += bracket;
        return *this;
    }
    JsonWriter &close(char bracket) {
        out_ += bracket;
        return *this;
    }
    JsonWriter &key(std::string_view name) {
        separate();
        append_json_string(out_, name);
        out_ += ':';
        return *this;
    }
    JsonWriter &text(std::string_view value) {
        separate();
        append_json_string(out_, value);
        return *this;
    }
    JsonWriter &number(int64_t value) { return raw(std::to_string(value)); }
    JsonWriter &truth(bool value) { return raw(value ? "true" : "false"); }
    JsonWriter &raw(std::string_view json) {  // a whole value
        separate();
        out_ += json;
        return *this;
    }
    // For functions that append a whole value themselves.
    std::string &value() {
        separate();
        return out_;
    }

  private:
    // No value ends in one of these, so what stands last says whether a comma is due.
    void separate() {
        if (out_.size() == begin_) return;
        const char last = out_.back();
        if (last != '{' && last != '[' && last != ':') out_ += ',';
    }

    std::string &out_;
    size_t begin_;
};

}  // namespace cartbell::codec
