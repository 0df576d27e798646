/* A host in plain C: it opens an engine and closes it. What it prints is checked by consumer.sh. */
#include <stdio.h>

#include "cartbell/cartbell.h"

int main(void) {
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    cartbell_engine *engine = NULL;
    options.path = ":memory:";
    if (cartbell_engine_open(&options, &engine, NULL) != CARTBELL_OK) return 1;
    cartbell_engine_close(engine);
    printf("cartbell %s, %d left\n", cartbell_version(), (int)cartbell_live_objects());
    return 0;
}
