// An SQLite file system that fails the n-th write, sync or truncate, and every one after it until it is healed; or whose disk is full.
#pragma once

#include <sqlite3.h>

#include <cstdint>

namespace failing_vfs {

void install();                          // as the default of this process
void fail_after(int64_t calls, int code);  // the call after so many good ones returns `code` (SQLITE_FULL, SQLITE_IOERR_WRITE, ...)
void heal();
int64_t calls();                         // since fail_after or heal
void leave_room(int64_t bytes);            // files may grow by so many bytes in all; a write that needs more is cut short and SQLITE_FULL

}  // namespace failing_vfs
