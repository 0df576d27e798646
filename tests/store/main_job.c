/*
 * main_job <settings> <segment> <template> <mailing> <orders>: the whole main job over the store of examples/custom_store.c and over the
 * built-in one in memory. What both hold in the end must be the same: the digest, the counts, and every message.
 */
#include <cartbell/cartbell.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custom_store.h"

static const int64_t now_us = INT64_C(1780304400000000);

static void require(int32_t status, cartbell_error *error, const char *what) {
    if (status == CARTBELL_OK) return;
    fprintf(stderr, "%s: %s %s\n", what, cartbell_status_name(status), cartbell_error_message(error));
    exit(1);
}

static char *read_whole(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) exit(2);
    *size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*size + 1);
    if (!bytes || fread(bytes, 1, *size, file) != *size) exit(2);
    fclose(file);
    return bytes;
}

static cartbell_engine *open_engine(int own_store) {
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    cartbell_engine *engine = NULL;
    cartbell_error *error = NULL;
    if (own_store) {
        options.store_functions = custom_store_functions();
        options.store = custom_store_new();
    } else {
        options.path = ":memory:";
    }
    require(cartbell_engine_open(&options, &engine, &error), error, "open");
    return engine;
}

static void ingest(cartbell_engine *engine, const char *orders, size_t size) {
    cartbell_error *error = NULL;
    int64_t accepted = 0;
    while (size > 0) { /* in batches of about 64 KiB */
        size_t taken = size < 65536 ? size : 65536;
        while (taken < size && orders[taken - 1] != '\n') ++taken;
        cartbell_applied applied = CARTBELL_APPLIED_INIT;
        require(cartbell_engine_ingest(engine, CARTBELL_FORM_NDJSON, orders, taken, NULL, now_us, &applied, NULL, &error), error, "ingest");
        accepted += applied.accepted;
        orders += taken;
        size -= taken;
    }
    if (accepted < 1000) exit(3);
}

static void send_all(cartbell_engine *engine, char **log, size_t *log_size) {
    cartbell_error *error = NULL;
    cartbell_buffer leased = CARTBELL_BUFFER_INIT;
    for (;;) {
        require(cartbell_message_lease(engine, "worker", 100, 60000000, now_us, &leased, &error), error, "lease");
        *log = realloc(*log, *log_size + leased.size + 1);
        if (!*log) exit(2);
        memcpy(*log + *log_size, leased.data, leased.size + 1);
        *log_size += leased.size;
        const char *id = strstr(leased.data, "\"message_id\":\"");
        if (!id) break;
        for (; id; id = strstr(id, "\"message_id\":\"")) {
            char report[256];
            id += strlen("\"message_id\":\"");
            snprintf(report, sizeof report, "{\"message_id\":\"%.36s\",\"outcome\":\"delivered\",\"worker\":\"worker\"}", id);
            require(cartbell_message_report(engine, report, strlen(report), now_us, NULL, &error), error, "report");
        }
    }
    cartbell_buffer_free(&leased);
}

/* Everything that can be told of the store in the end. */
static char *whole_job(int own_store, char **files, const size_t *sizes) {
    cartbell_engine *engine = open_engine(own_store);
    cartbell_error *error = NULL;
    cartbell_buffer answer = CARTBELL_BUFFER_INIT;
    int64_t done = 1, due = 0;
    char *log = NULL;
    size_t log_size = 0;
    require(cartbell_settings_put(engine, files[0], sizes[0], now_us, NULL, &error), error, "settings");
    ingest(engine, files[4], sizes[4]);
    require(cartbell_segment_put(engine, "offer", files[1], sizes[1], now_us, NULL, &error), error, "segment");
    require(cartbell_template_put(engine, NULL, files[2], sizes[2], now_us, NULL, &error), error, "template");
    require(cartbell_mailing_put(engine, NULL, files[3], sizes[3], now_us, NULL, &error), error, "mailing");
    require(cartbell_mailing_start(engine, "spring", now_us, NULL, &error), error, "start");
    for (due = now_us; due <= now_us;) require(cartbell_engine_tick(engine, now_us, 10, &done, &due, &error), error, "tick");
    send_all(engine, &log, &log_size);
    static const char *const asked[] = {"digest", "refolded", "stats", "status", "count"};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; ++i) {
        int32_t status = CARTBELL_INTERNAL;
        if (i < 2) status = cartbell_engine_digest(engine, i == 0 ? CARTBELL_DIGEST_STORED : CARTBELL_DIGEST_REFOLDED, &answer, &error);
        if (i == 2) status = cartbell_engine_stats(engine, &answer, &error);
        if (i == 3) status = cartbell_mailing_status(engine, "spring", &answer, &error);
        if (i == 4) status = cartbell_segment_count(engine, "offer", 5, now_us, &answer, &error);
        require(status, error, asked[i]);
        printf("%s\n", answer.data);
        log = realloc(log, log_size + answer.size + 1);
        if (!log) exit(2);
        memcpy(log + log_size, answer.data, answer.size + 1);
        log_size += answer.size;
    }
    cartbell_buffer_free(&answer);
    cartbell_engine_close(engine);
    return log;
}

int main(int argc, char **argv) {
    char *files[5];
    size_t sizes[5];
    if (argc != 6) return 2;
    for (int i = 0; i < 5; ++i) files[i] = read_whole(argv[i + 1], &sizes[i]);
    char *own = whole_job(1, files, sizes), *built_in = whole_job(0, files, sizes);
    const int differ = strcmp(own, built_in) != 0 || !strstr(own, "\"delivered\":") || cartbell_live_objects() != 0;
    free(own);
    free(built_in);
    for (int i = 0; i < 5; ++i) free(files[i]);
    puts(differ ? "the stores differ" : "the stores are the same");
    return differ;
}
