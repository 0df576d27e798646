#include <cartbell/cartbell.h>
#include <stdio.h>
#include <time.h>

static const char order[] = "{\"type\":\"order\",\"id\":\"1\",\"customer\":{\"external_id\":\"C-17\"},"
                            "\"order\":{\"order_id\":\"100045\",\"currency\":\"EUR\",\"total\":\"99.80\"}}";
static const char buyers[] = "{\"purchases\":{\"sum\":{\"of\":\"total\",\"is\":{\"ge\":\"50 EUR\"}}}}";

int main(void) {
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    cartbell_engine *shop = NULL;
    cartbell_error *error = NULL;
    cartbell_buffer answer = CARTBELL_BUFFER_INIT;
    const int64_t now_us = (int64_t)time(NULL) * 1000000;
    options.path = ":memory:"; /* or the path of a file */

    if (cartbell_engine_open(&options, &shop, &error) == CARTBELL_OK &&
        cartbell_engine_ingest(shop, CARTBELL_FORM_ONE, order, sizeof order - 1, NULL, now_us, NULL, NULL, &error) == CARTBELL_OK &&
        cartbell_segment_explain(shop, buyers, sizeof buyers - 1, "external_id:C-17", now_us, 0, &answer, &error) == CARTBELL_OK)
        puts(answer.data);
    else
        fprintf(stderr, "%s\n", cartbell_error_message(error));

    const int failed = error != NULL;
    cartbell_error_free(error);
    cartbell_buffer_free(&answer);
    cartbell_engine_close(shop);
    return failed;
}
