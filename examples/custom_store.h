/* A store of one's own, written to be read: custom_store.c. docs/stores.md walks through it. */
#ifndef CUSTOM_STORE_H
#define CUSTOM_STORE_H

#include <cartbell/sys/store.h>

const cartbell_store_functions *custom_store_functions(void);
void *custom_store_new(void); /* a store object for them, empty; NULL without memory. The functions' close frees it. */

#endif
