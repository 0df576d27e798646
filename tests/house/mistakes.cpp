// house_mistakes NAME: makes a mistake that a sanitizer must report. Volatile hides the mistake from the compiler's own warnings.
#include <limits>
#include <string_view>
#include <thread>

namespace {

int use_after_free() {
    int *volatile number = new int(1);
    delete number;
    return *number;
}

int leak() {
    int *volatile number = new int(1);
    int found = *number;
    number = nullptr;
    return found;
}

int overflow() {
    volatile int number = std::numeric_limits<int>::max();
    return number + 1;
}

int race() {
    int number = 0;
    std::thread other([&number] { ++number; });
    ++number;
    other.join();
    return number;
}

}  // namespace

int main(int count, char **arguments) {
    std::string_view name = count == 2 ? arguments[1] : "";
    int result = -1;
    if (name == "use_after_free") {
        result = use_after_free();
    } else if (name == "leak") {
        result = leak();
    } else if (name == "overflow") {
        result = overflow();
    } else if (name == "race") {
        result = race();
    }
    return result == -1 ? 2 : 0;
}
