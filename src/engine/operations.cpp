// Engine: operations in.
#include "engine/ingest.hpp"

namespace cartbell::engine {

Batch::Batch(std::unique_ptr<Impl> made) : impl_(std::move(made)) {}
Batch::~Batch() = default;
size_t Batch::size() const { return impl_->parsed.operations.size(); }

Result<std::unique_ptr<Batch>> Engine::parse(Form form, std::string_view bytes, std::string_view source) const {
    CARTBELL_TRY(impl_->door());
    constexpr codec::Form forms[] = {codec::Form::operation, codec::Form::array, codec::Form::operations, codec::Form::ndjson};
    const auto catalog = impl_->latest_catalog();
    auto made = std::make_unique<Batch::Impl>();
    made->default_source = source;
    CARTBELL_ASSIGN(made->parsed, codec::parse(bytes, forms[static_cast<size_t>(form)], source, *catalog->settings, impl_->options.limits));
    made->parsed.settings_version = catalog->settings->version;
    return std::make_unique<Batch>(std::move(made));
}

Status Engine::apply(std::span<Batch *const> batches, Instant now, Applied &applied) {
    const std::lock_guard turn(impl_->turn);
    CARTBELL_ASSIGN(Reading unit, impl_->begin_write());
    Applied made;
    Intake ingest(unit, impl_->compiling(), now, impl_->kept_facts);
    CARTBELL_TRY(ingest.run(batches, made));
    CARTBELL_TRY(impl_->commit(unit));
    ingest.keep_facts();
    applied = std::move(made);
    return {};
}

}  // namespace cartbell::engine
