/*
 * error.h - what went wrong: a status, a word for programs, one line for people, and where in the input.
 *
 * An error object is made by the failing call and belongs to the caller. All accessors take NULL and then
 * answer CARTBELL_OK, "" or 0, so that a host may ask without checking.
 */
#ifndef CARTBELL_ERROR_H
#define CARTBELL_ERROR_H

#include "cartbell/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cartbell_error cartbell_error;

/* The status that the failing call returned.
   Owns: nothing.
   Errors: cannot fail.
   Threads: any number may read one error. Since: 0.1 */
CARTBELL_API int32_t cartbell_error_status(const cartbell_error *error) CARTBELL_NOEXCEPT;

/* A stable snake_case word for programs, such as "unknown_field" or "used_batch".
   Owns: the text lives as long as the error.
   Errors: cannot fail.
   Threads: any number may read one error. Since: 0.1 */
CARTBELL_API const char *cartbell_error_reason(const cartbell_error *error) CARTBELL_NOEXCEPT;

/* One line for people, without customer data; the wording may change between versions.
   Owns: the text lives as long as the error.
   Errors: cannot fail.
   Threads: any number may read one error. Since: 0.1 */
CARTBELL_API const char *cartbell_error_message(const cartbell_error *error) CARTBELL_NOEXCEPT;

/* Where in JSON input, as an RFC 6901 pointer such as "/order/lines/2/price"; "" if it is about the whole
   or about no JSON.
   Owns: the text lives as long as the error.
   Errors: cannot fail.
   Threads: any number may read one error. Since: 0.1 */
CARTBELL_API const char *cartbell_error_pointer(const cartbell_error *error) CARTBELL_NOEXCEPT;

/* The line in a template or in NDJSON, from 1; 0 if there is none.
   Owns: nothing.
   Errors: cannot fail.
   Threads: any number may read one error. Since: 0.1 */
CARTBELL_API uint32_t cartbell_error_line(const cartbell_error *error) CARTBELL_NOEXCEPT;

/* The column in a template, in bytes from 1; 0 if there is none.
   Owns: nothing.
   Errors: cannot fail.
   Threads: any number may read one error. Since: 0.1 */
CARTBELL_API uint32_t cartbell_error_column(const cartbell_error *error) CARTBELL_NOEXCEPT;

/* Frees an error; NULL is allowed.
   Owns: ends the error.
   Errors: cannot fail.
   Threads: any, once. Since: 0.1 */
CARTBELL_API void cartbell_error_free(cartbell_error *error) CARTBELL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
