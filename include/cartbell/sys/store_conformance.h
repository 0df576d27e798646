/*
 * store_conformance.h - the conformance suite: whether a table of functions keeps the promises of store.h.
 *
 * For authors of stores, in their tests. A library of its own that needs nothing else of Cartbell: in CMake
 * find_package(cartbell COMPONENTS conformance) and cartbell::store_conformance, elsewhere pkg-config
 * cartbell-conformance. Each check has a name and quotes the rule of store.h that it is about; it makes stores of
 * its own, declares tables of its own, and ends at its first failure. docs/stores.md shows how to run it.
 */
#ifndef CARTBELL_SYS_STORE_CONFORMANCE_H
#define CARTBELL_SYS_STORE_CONFORMANCE_H

#include "cartbell/sys/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where a store that a check asks for shall lie. */
#define CARTBELL_CONFORMANCE_NEW 1     /* over a new, empty place */
#define CARTBELL_CONFORMANCE_SAME 2    /* over the place of the newest NEW one, which may still be open */
#define CARTBELL_CONFORMANCE_FOREIGN 3 /* over a place that holds something, but no store */

/* What became of a check. */
#define CARTBELL_CONFORMANCE_BEGUN 1 /* told first: if the store crashes or hangs, it was in this check */
#define CARTBELL_CONFORMANCE_PASSED 2
#define CARTBELL_CONFORMANCE_FAILED 3
#define CARTBELL_CONFORMANCE_SKIPPED 4 /* it is about a place that `make` does not have */

/* One step of the suite, as it is told to the caller; the texts are valid during the call. */
typedef struct cartbell_conformance_report {
    uint32_t struct_size;
    int32_t outcome;     /* CARTBELL_CONFORMANCE_... */
    const char *check;   /* its name */
    const char *rule;    /* the words of store.h that the check is about, or that the store broke */
    const char *message; /* of a failed check, what was asked, wanted and given; of a skipped one, why; else "" */
} cartbell_conformance_report;

typedef struct cartbell_conformance_options {
    uint32_t struct_size;
    uint32_t reserved; /* 0 */
    /* Makes a store object that is not opened yet, for `functions` to work on. place: CARTBELL_CONFORMANCE_NEW, ..._SAME or
       ..._FOREIGN; NULL for one of the latter two says that there is no such place (a store in memory), and what needs it is
       skipped. Every object that it makes is opened and closed. Called on the thread that runs the suite. */
    void *(*make)(void *user_data, int32_t place);
    /* Is told each check twice, before it and after it, on the thread that runs the suite; NULL: only the status is wanted. */
    void (*report)(void *user_data, const cartbell_conformance_report *told);
    void *user_data; /* of both */
    const char *only; /* the name of the one check to run; NULL: all */
    uint64_t seed;    /* of the random work; the same seed gives the same work */
} cartbell_conformance_options;

#define CARTBELL_CONFORMANCE_OPTIONS_INIT \
    { sizeof(cartbell_conformance_options), 0, NULL, NULL, NULL, NULL, 0 }

/* Runs the suite, or one check of it.
   functions: the table under test. options: how to make its stores, and what to run.
   Owns: nothing; functions and options are used during the call only.
   Errors: CONFLICT (a check failed: the table contradicts store.h), NOT_FOUND (no check is called `only`), MISUSE (a NULL, another
   version of the table, a required function is missing), OUT_OF_MEMORY.
   Threads: any; one run at a time per place. It starts threads of its own and has ended them when it returns. Since: 0.1 */
CARTBELL_API int32_t cartbell_store_conformance(const cartbell_store_functions *functions,
                                                const cartbell_conformance_options *options) CARTBELL_NOEXCEPT;

/* The name of a check.
   position: from 0, in the order they run. NULL after the last.
   Owns: static text.
   Errors: cannot fail.
   Threads: any. Since: 0.1 */
CARTBELL_API const char *cartbell_store_conformance_check(size_t position) CARTBELL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
