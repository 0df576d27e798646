/*
 * base.h - conventions of the whole API, status codes, owned bytes, limits.
 *
 * Conventions, said once:
 *  - Every function that can fail returns a status: CARTBELL_OK (0) or a negative code. Parameters come in
 *    the order self, inputs, outputs, `cartbell_error **error` last. `error` may be NULL; if it is not,
 *    *error is set to NULL on success and to an object that the caller frees with cartbell_error_free on
 *    failure. Outputs are untouched on failure unless a function says otherwise.
 *  - All inputs are copied before a call returns; text is UTF-8 with a byte length and is checked. Where a
 *    `const char *` comes without a length it is NUL-terminated. Bytes that come with a size may be NULL if
 *    the size is 0.
 *  - Answers are written into a cartbell_buffer, which the caller owns and may reuse; the text in it is
 *    NUL-terminated.
 *  - `_close` and `_free` take NULL, and may be called in any order. A pointer that was closed or freed
 *    must not be used again; where the library can tell, and for an object of the wrong kind, the answer is
 *    CARTBELL_MISUSE.
 *  - Structs that the caller fills begin with struct_size and have an initialiser CARTBELL_..._INIT;
 *    reserved members are 0. Members are only appended: a host compiled with an earlier header gets the
 *    defaults for those it does not have, and one compiled with a later header gets CARTBELL_MISUSE if it
 *    asks for what this library does not have.
 *  - Instants are int64_t microseconds since 1970-01-01T00:00:00Z. The library reads no clock: `now_us`
 *    always comes from the caller, and is refused as INVALID (bad_clock) outside of 1970-2199.
 *  - An engine may be used by any number of threads at once; other objects by one thread at a time unless
 *    their header says more.
 *  - After fork() the child's calls return CARTBELL_FORKED.
 */
#ifndef CARTBELL_BASE_H
#define CARTBELL_BASE_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define CARTBELL_API
#elif defined(__GNUC__)
#define CARTBELL_API __attribute__((visibility("default")))
#else
#define CARTBELL_API
#endif

#ifdef __cplusplus
#define CARTBELL_NOEXCEPT noexcept
extern "C" {
#else
#define CARTBELL_NOEXCEPT
#endif

#define CARTBELL_VERSION_MAJOR 0
#define CARTBELL_VERSION_MINOR 1
#define CARTBELL_VERSION_PATCH 0

/* Status codes; pinned, only added to. */
#define CARTBELL_OK 0
#define CARTBELL_INVALID (-1)   /* bad input: JSON, predicate, template, argument */
#define CARTBELL_NOT_FOUND (-2) /* no such order, customer, segment, template, mailing, message */
#define CARTBELL_BUSY (-3)      /* another engine writes this store; try again later */
#define CARTBELL_CORRUPT (-4)   /* the store's bytes make no sense */
#define CARTBELL_IO (-5)        /* the store could not be read or written */
#define CARTBELL_FULL (-6)      /* no room left in the store */
#define CARTBELL_NEWER (-7)     /* the store was written by a newer version of Cartbell */
#define CARTBELL_OUT_OF_MEMORY (-8)
#define CARTBELL_FORKED (-9)     /* called in the child of a fork */
#define CARTBELL_LIMIT (-10)     /* a limit was reached */
#define CARTBELL_CONFLICT (-11)  /* contradicts what is stored */
#define CARTBELL_INTERNAL (-12)  /* a defect of Cartbell */
#define CARTBELL_MISUSE (-13)    /* wrong or closed handle, NULL, reserved bytes set */
#define CARTBELL_READ_ONLY (-14) /* a write through a read-only engine */

/* Owned bytes. Begin with CARTBELL_BUFFER_INIT; data is NUL-terminated, size does not count that NUL. */
typedef struct cartbell_buffer {
    char *data;
    size_t size;
    size_t capacity;
} cartbell_buffer;

#define CARTBELL_BUFFER_INIT \
    { NULL, 0, 0 }

/* The version as "0.1.0".
   Owns: static text.
   Errors: cannot fail.
   Threads: any. Since: 0.1 */
CARTBELL_API const char *cartbell_version(void) CARTBELL_NOEXCEPT;

/* One word for a status code, "ok", "busy"; "unknown" for others.
   Owns: static text.
   Errors: cannot fail.
   Threads: any. Since: 0.1 */
CARTBELL_API const char *cartbell_status_name(int32_t status) CARTBELL_NOEXCEPT;

/* Frees the bytes of a buffer and empties it; NULL is allowed.
   Owns: ends buffer->data.
   Errors: cannot fail.
   Threads: any, one at a time per buffer. Since: 0.1 */
CARTBELL_API void cartbell_buffer_free(cartbell_buffer *buffer) CARTBELL_NOEXCEPT;

/* How many objects of this library (engines, batches, templates, cursors, errors) are alive in the process,
   for the tests of hosts.
   Owns: nothing.
   Errors: cannot fail.
   Threads: any. Since: 0.1 */
CARTBELL_API int64_t cartbell_live_objects(void) CARTBELL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
