/*
 * event.h - events: what customers did on a site or in an app, and what concerns no single customer. They are
 * written as operations, through cartbell_engine_apply, and never change.
 */
#ifndef CARTBELL_EVENT_H
#define CARTBELL_EVENT_H

#include "cartbell/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The events of one customer, or the system events: a page of them, newest first.
   identity: kind:text; NULL or "": the events that concern no single customer. after: "next" of the page
   before; NULL or "" for the first. most: at most so many events; a page may end early. answer: receives
   {"events":[{"event_id","name","kind","occurred_at","received_at","source","session_id","customer",
   "context"},...],"next"}: customer are the identities as sent, without it the session says whose the event
   is; next is null after the last page.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, INVALID (no identity, bad_token), LIMIT (page_rows), IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_event_list(const cartbell_engine *engine, const char *identity, const char *after,
                                         size_t most, cartbell_buffer *answer,
                                         cartbell_error **error) CARTBELL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
