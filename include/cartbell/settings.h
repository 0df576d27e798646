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

#ifdef __cplusplus
}
#endif
#endif
