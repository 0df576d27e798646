#include "store/failing_vfs.hpp"

#include <algorithm>
#include <cstring>

namespace failing_vfs {
namespace {

sqlite3_vfs *real = nullptr;
sqlite3_vfs shim;
int64_t made = 0, good = INT64_MAX;
int64_t room = INT64_MAX;
int failure = SQLITE_OK;

struct File {
    sqlite3_file base;
    sqlite3_file *inner() { return reinterpret_cast<sqlite3_file *>(this + 1); }
};

sqlite3_file *inner(sqlite3_file *file) { return reinterpret_cast<File *>(file)->inner(); }

int changing() { return made++ < good ? SQLITE_OK : failure; }

int close(sqlite3_file *f) { return inner(f)->pMethods->xClose(inner(f)); }
int read(sqlite3_file *f, void *to, int size, sqlite3_int64 at) { return inner(f)->pMethods->xRead(inner(f), to, size, at); }
int write_whole(sqlite3_file *f, const void *from, int size, sqlite3_int64 at) { return inner(f)->pMethods->xWrite(inner(f), from, size, at); }
int write(sqlite3_file *f, const void *from, int size, sqlite3_int64 at) {
    if (int code = changing()) return code;
    if (room == INT64_MAX) return write_whole(f, from, size, at);
    sqlite3_int64 now = 0;
    inner(f)->pMethods->xFileSize(inner(f), &now);
    const int64_t growth = std::max<int64_t>(at + size - now, 0), fitting = size - growth + room;
    if (growth > room && fitting > 0) write_whole(f, from, static_cast<int>(fitting), at);  // what a real disk takes before it is full
    if (growth > room) return room = 0, SQLITE_FULL;
    room -= growth;
    return write_whole(f, from, size, at);
}
int truncate(sqlite3_file *f, sqlite3_int64 size) {
    if (int code = changing()) return code;
    sqlite3_int64 now = 0;
    if (room != INT64_MAX && inner(f)->pMethods->xFileSize(inner(f), &now) == SQLITE_OK && now > size) room += now - size;
    return inner(f)->pMethods->xTruncate(inner(f), size);
}
int sync(sqlite3_file *f, int flags) {
    int code = changing();
    return code ? code : inner(f)->pMethods->xSync(inner(f), flags);
}
int file_size(sqlite3_file *f, sqlite3_int64 *size) { return inner(f)->pMethods->xFileSize(inner(f), size); }
int lock(sqlite3_file *f, int level) { return inner(f)->pMethods->xLock(inner(f), level); }
int unlock(sqlite3_file *f, int level) { return inner(f)->pMethods->xUnlock(inner(f), level); }
int check_lock(sqlite3_file *f, int *held) { return inner(f)->pMethods->xCheckReservedLock(inner(f), held); }
int control(sqlite3_file *f, int op, void *argument) { return inner(f)->pMethods->xFileControl(inner(f), op, argument); }
int sector(sqlite3_file *f) { return inner(f)->pMethods->xSectorSize(inner(f)); }
int traits(sqlite3_file *f) { return inner(f)->pMethods->xDeviceCharacteristics(inner(f)); }
int shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
    return inner(f)->pMethods->xShmMap(inner(f), page, size, extend, out);
}
int shm_lock(sqlite3_file *f, int offset, int count, int flags) { return inner(f)->pMethods->xShmLock(inner(f), offset, count, flags); }
void shm_barrier(sqlite3_file *f) { inner(f)->pMethods->xShmBarrier(inner(f)); }
int shm_unmap(sqlite3_file *f, int remove) { return inner(f)->pMethods->xShmUnmap(inner(f), remove); }

constexpr sqlite3_io_methods methods = {2,       close,   read,       write,   truncate, sync,    file_size, lock,        unlock,
                                        check_lock, control, sector,  traits,  shm_map,  shm_lock, shm_barrier, shm_unmap, nullptr,
                                        nullptr};

int open(sqlite3_vfs *, const char *name, sqlite3_file *f, int flags, int *out_flags) {
    f->pMethods = nullptr;
    int code = real->xOpen(real, name, inner(f), flags, out_flags);
    if (inner(f)->pMethods) f->pMethods = &methods;
    return code;
}

}  // namespace

void install() {
    if (real) return;
    real = sqlite3_vfs_find(nullptr);
    shim = *real;
    shim.zName = "failing";
    shim.szOsFile = static_cast<int>(sizeof(File)) + real->szOsFile;
    shim.xOpen = open;
    sqlite3_vfs_register(&shim, 1);
}

void fail_after(int64_t calls_before, int code) {
    made = 0;
    good = calls_before;
    failure = code;
}

void heal() {
    fail_after(INT64_MAX, SQLITE_OK);
    room = INT64_MAX;
}
void leave_room(int64_t bytes) { room = bytes; }
int64_t calls() { return made; }

}  // namespace failing_vfs
