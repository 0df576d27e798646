#include "render/words.hpp"

#include <algorithm>
#include <array>

namespace cartbell::render {
namespace {

// In the order of the enumerators, which is alphabetical: checked here, relied on by find_word.
constexpr std::string_view texts[] = {
    "",
#define CARTBELL_RENDER_WORD(word) #word,
    CARTBELL_RENDER_WORDS(CARTBELL_RENDER_WORD)
#undef CARTBELL_RENDER_WORD
};
static_assert(std::is_sorted(std::begin(texts), std::end(texts)));

}  // namespace

Word find_word(std::string_view text) {
    const auto found = std::lower_bound(std::begin(texts), std::end(texts), text);
    if (found == std::end(texts) || *found != text) return Word::none;
    return static_cast<Word>(found - std::begin(texts));
}

std::string_view text_of(Word word) { return texts[static_cast<size_t>(word)]; }

}  // namespace cartbell::render
