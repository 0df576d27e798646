/*
 * settings.h - the shop's settings: shop, sources, statuses, fields, rates. Versioned; every operation is
 * checked against the version in force.
 */
#ifndef CARTBELL_SETTINGS_H
#define CARTBELL_SETTINGS_H

#include "cartbell/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Puts settings: the members that are named replace those in force, the others stay.
   json, size: an object of settings members, in bytes. now_us: the clock, in microseconds. answer: receives
   {"version"}, or NULL.
   Owns: answer is the caller's.
   Errors: INVALID (with pointer), CONFLICT (in_use: stored data contradict, the message lists what; or a
   mailing that is under way decides with this), LIMIT, IO, FULL, BUSY, READ_ONLY, FORKED, MISUSE.
   Threads: any; writing calls queue. Since: 0.1 */
CARTBELL_API int32_t cartbell_settings_put(cartbell_engine *engine, const char *json, size_t size,
                                           int64_t now_us, cartbell_buffer *answer,
                                           cartbell_error **error) CARTBELL_NOEXCEPT;

/* The settings in force, whole or one member of them.
   member: "shop", "statuses", "fields", ...; NULL is the whole object. answer: receives the JSON.
   Owns: answer is the caller's.
   Errors: NOT_FOUND (no such member), IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_settings_get(const cartbell_engine *engine, const char *member,
                                           cartbell_buffer *answer, cartbell_error **error) CARTBELL_NOEXCEPT;

/* A page of the versions that were put, newest first.
   after: "next" of the page before; NULL or "" for the first. most: at most so many versions. answer:
   receives {"versions":[{"version","created_at"},...],"next"}; next is null after the last page.
   Owns: answer is the caller's.
   Errors: INVALID (bad_token), LIMIT (page_rows), IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_settings_versions(const cartbell_engine *engine, const char *after, size_t most,
                                                cartbell_buffer *answer,
                                                cartbell_error **error) CARTBELL_NOEXCEPT;

/* What is different between two versions, in whichever direction.
   from, to: versions; 0 is what holds before anything is put. A negative `to` is the newest version, a
   negative `from` the one before `to`. answer: receives {"from","to","changes":[{"path","from","to"},...]},
   by path. A change without "from" was added, one without "to" was removed. A path names an element of a
   list by what it is keyed by: /sources/shop/rank, /statuses/payment/paid/name, /fields/order/gift,
   /rates/USD/EUR/2026-01-02/rate.
   Owns: answer is the caller's.
   Errors: NOT_FOUND (no_version), IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_settings_difference(const cartbell_engine *engine, int64_t from, int64_t to,
                                                  cartbell_buffer *answer,
                                                  cartbell_error **error) CARTBELL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
