// What a mailing makes of one customer: the same code for the dry run and the real one, so that they cannot differ.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "campaign/message_template.hpp"
#include "engine/engine_impl.hpp"
#include "engine/facts_scan.hpp"

namespace cartbell::engine {

struct Tally {  // counts by outcome and reason
    int64_t audience = 0, rendered = 0;
    std::map<std::string, int64_t> blocked, failed;
    void add(const campaign::Written &written);
    void append(std::string &out) const;  // "audience":…,"rendered":…,"blocked":{…},"failed":{…}
};

class MailingRun {
  public:
    MailingRun(const StoredMailing &mailing, const campaign::MessageTemplate &compiled, const segment::World &world,
               const Formatter &formatter, const Limits &limits);
    // What plan() needs its scan to read.
    const std::optional<OutlineUse> &outlines() const { return outlines_; }
    bool uses_products() const { return segment::uses_products(*mailing_.audience) || compiled_.uses_products; }
    // False: not in the audience. Else identity(), message_id() and written() say what becomes of this customer.
    Result<bool> plan(FactsScan &scan);
    const std::string &source() const { return source_; }
    const std::string &identity() const { return identity_; }
    const std::string &message_id() const { return message_id_; }
    const campaign::Written &written() const { return written_; }

  private:
    const StoredMailing &mailing_;
    const campaign::MessageTemplate &compiled_;
    segment::World world_;
    std::optional<OutlineUse> outlines_;  // no value: orders are read whole
    std::vector<size_t> orders_used_;
    campaign::MessageWriter writer_;
    std::string source_, identity_, message_id_;
    campaign::Written written_;
};

// "mailing:<code>" (formats.md §4): the source of its messages and the subject of its progress.
std::string mailing_source(std::string_view code);

// The codes of the mailings that are planned or running.
Result<std::vector<std::string>> started_mailings(store::Transaction &transaction);

// Does at most `most_steps` bounded steps of a started mailing in this unit; `done` says whether it is finished now.
struct MailingSteps {
    int64_t steps = 0;
    bool done = false;
};
Status run_mailing(Engine::Impl &impl, Reading &unit, std::string_view code, Instant now, int64_t most_steps, MailingSteps &made);

// A customer who turned out to be another one.
struct Heir {
    int64_t customer, became;
};
// "A mailing's audience is taken at `start_at`" (formats.md §4): whoever was there then and is somebody else now, whom a mailing under way has
// passed, or who came later, is asked at its end.
Status follow_in_mailings(store::Transaction &transaction, std::span<const Heir> heirs);

}  // namespace cartbell::engine
