// A table of store functions over another one that fails the n-th call, and holds Cartbell to what store.h promises of it.
#pragma once

#include <string>
#include <vector>

#include "cartbell/sys/store.h"

namespace failing_table {

// What a commit that is told to fail has done by then: nothing, or everything, and only its answer is lost.
enum class Commit { undone, done };

const cartbell_store_functions *functions();
void *make(const cartbell_store_functions *over, void *object);  // owns `object`

void fail_at(long call, int32_t status, Commit commit = Commit::undone);  // counted from 1 on, over all stores; 0: never
long calls();                     // since then, which may fail
bool fired();
const std::string &failed_call(); // its name
long open_objects();              // stores, transactions and cursors that are open
const std::vector<std::string> &broken_promises();

// All rows of all tables of the newest opened store, as its own read transaction sees them; nothing of it is counted.
std::string dump();

}  // namespace failing_table
