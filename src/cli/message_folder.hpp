// Messages as files to look at: a part a file, and an index page of them all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/json_reader.hpp"

namespace cartbell::cli {

class MessageFolder {
  public:
    explicit MessageFolder(std::string path);  // made if it is not there. Throws Failure
    void add(const Json &message);
    void finish(std::string_view source);  // writes the index page

    int64_t messages() const { return messages_; }
    int64_t files() const { return files_; }
    std::string index_path() const { return path_ + "/index.html"; }

  private:
    void write_part(const std::string &name, std::string_view text, std::string_view label,
                    std::string &links);

    std::string path_;
    std::string rows_;  // of the index
    int64_t messages_ = 0, files_ = 0;
};

}  // namespace cartbell::cli
