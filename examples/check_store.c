/* check_store [CHECK]: runs the conformance suite, or one check of it, over the store of custom_store.c. */
#include <cartbell/sys/store_conformance.h>
#include <stdio.h>

#include "custom_store.h"

static void *make(void *user_data, int32_t place) {
    (void)user_data;
    /* A store in memory ends with its object: there is no place to open again, and none that somebody else wrote. */
    return place == CARTBELL_CONFORMANCE_NEW ? custom_store_new() : NULL;
}

static void report(void *user_data, const cartbell_conformance_report *told) {
    int *count = user_data;
    if (told->outcome == CARTBELL_CONFORMANCE_PASSED) ++*count;
    if (told->outcome == CARTBELL_CONFORMANCE_SKIPPED) printf("skipped  %s: %s\n", told->check, told->message);
    if (told->outcome == CARTBELL_CONFORMANCE_FAILED)
        printf("FAILED   %s\n         store.h says: %s\n         %s\n", told->check, told->rule, told->message);
}

int main(int argc, char **argv) {
    cartbell_conformance_options options = CARTBELL_CONFORMANCE_OPTIONS_INIT;
    int passed = 0;
    options.make = make;
    options.report = report;
    options.user_data = &passed;
    options.only = argc > 1 ? argv[1] : NULL;
    const int32_t status = cartbell_store_conformance(custom_store_functions(), &options);
    if (status == CARTBELL_NOT_FOUND) printf("no check is called %s\n", options.only);
    printf("%d checks passed\n", passed);
    return status == CARTBELL_OK && passed > 0 ? 0 : 1;
}
