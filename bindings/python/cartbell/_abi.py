"""The C ABI as ctypes sees it. Made by generate.py from include/cartbell; not edited by hand."""

from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p

CARTBELL_VERSION_MAJOR = 0
CARTBELL_VERSION_MINOR = 1
CARTBELL_VERSION_PATCH = 0
CARTBELL_OK = 0
CARTBELL_INVALID = -1
CARTBELL_NOT_FOUND = -2
CARTBELL_BUSY = -3
CARTBELL_CORRUPT = -4
CARTBELL_IO = -5
CARTBELL_FULL = -6
CARTBELL_NEWER = -7
CARTBELL_OUT_OF_MEMORY = -8
CARTBELL_FORKED = -9
CARTBELL_LIMIT = -10
CARTBELL_CONFLICT = -11
CARTBELL_INTERNAL = -12
CARTBELL_MISUSE = -13
CARTBELL_READ_ONLY = -14
CARTBELL_NEVER = 9223372036854775807
CARTBELL_FORM_ONE = 1
CARTBELL_FORM_ARRAY = 2
CARTBELL_FORM_OBJECT = 3
CARTBELL_FORM_NDJSON = 4
CARTBELL_DIGEST_STORED = 1
CARTBELL_DIGEST_REFOLDED = 2
CARTBELL_ESCAPE_NONE = 1
CARTBELL_ESCAPE_HTML = 2
CARTBELL_ESCAPE_JSON = 3
CARTBELL_ESCAPE_SINGLE_LINE = 4
CARTBELL_RENDERED = 1
CARTBELL_BLOCKED = 2
CARTBELL_STORE_VERSION = 1
CARTBELL_CELL_NULL = 0
CARTBELL_CELL_INTEGER = 1
CARTBELL_CELL_TEXT = 2
CARTBELL_CELL_BYTES = 3
CARTBELL_COLUMN_NULLABLE = 1
CARTBELL_COLUMN_PERSONAL = 2
CARTBELL_PLACE_CUSTOMER = 1
CARTBELL_PLACE_OWN_KEY = 2
CARTBELL_PLACE_EVERYWHERE = 3
CARTBELL_PLACE_QUEUE = 4
CARTBELL_PLACE_APPEND = 5
CARTBELL_TABLE_UNORDERED = 1
CARTBELL_STORE_READ = 0
CARTBELL_STORE_WRITE = 1


class cartbell_buffer(Structure):
    pass


class cartbell_limits(Structure):
    pass


class cartbell_engine_options(Structure):
    pass


class cartbell_applied(Structure):
    pass


class cartbell_partial(Structure):
    pass


class cartbell_template_options(Structure):
    pass


class cartbell_map_options(Structure):
    pass


class cartbell_cell(Structure):
    pass


class cartbell_column(Structure):
    pass


class cartbell_index(Structure):
    pass


class cartbell_table(Structure):
    pass


class cartbell_schema(Structure):
    pass


class cartbell_scan(Structure):
    pass


class cartbell_store_functions(Structure):
    pass


cartbell_buffer._fields_ = [
    ("data", c_void_p),
    ("size", c_size_t),
    ("capacity", c_size_t),
]

cartbell_limits._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("batch_bytes", c_uint64),
    ("batch_operations", c_uint64),
    ("operation_bytes", c_uint64),
    ("json_depth", c_uint64),
    ("text_bytes", c_uint64),
    ("operation_id_bytes", c_uint64),
    ("identity_bytes", c_uint64),
    ("order_lines", c_uint64),
    ("order_payments", c_uint64),
    ("custom_fields", c_uint64),
    ("settings_bytes", c_uint64),
    ("predicate_bytes", c_uint64),
    ("predicate_depth", c_uint64),
    ("predicate_nodes", c_uint64),
    ("explain_witnesses", c_uint64),
    ("template_bytes", c_uint64),
    ("template_depth", c_uint64),
    ("partial_depth", c_uint64),
    ("render_output_bytes", c_uint64),
    ("render_steps", c_uint64),
    ("page_rows", c_uint64),
    ("consent_proof_bytes", c_uint64),
    ("mapping_table_bytes", c_uint64),
    ("mapping_steps", c_uint64),
    ("export_bytes", c_uint64),
    ("container_items", c_uint64),
    ("container_item_bytes", c_uint64),
]

cartbell_engine_options._fields_ = [
    ("struct_size", c_uint32),
    ("read_only", c_int32),
    ("path", c_char_p),
    ("zones_directory", c_char_p),
    ("limits", POINTER(cartbell_limits)),
    ("store_functions", POINTER(cartbell_store_functions)),
    ("store", c_void_p),
]

cartbell_applied._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("accepted", c_int64),
    ("duplicate", c_int64),
    ("late", c_int64),
    ("rejected", c_int64),
]

cartbell_partial._fields_ = [
    ("name", c_char_p),
    ("text", c_char_p),
    ("size", c_size_t),
]

cartbell_template_options._fields_ = [
    ("struct_size", c_uint32),
    ("escape", c_int32),
    ("partials", POINTER(cartbell_partial)),
    ("partial_count", c_size_t),
    ("limits", POINTER(cartbell_limits)),
    ("unknown_partials_are_empty", c_int32),
    ("plain_mustache", c_int32),
]

cartbell_map_options._fields_ = [
    ("struct_size", c_uint32),
    ("skip_unmapped", c_int32),
    ("format", c_char_p),
    ("table", c_char_p),
    ("table_size", c_size_t),
    ("given", c_char_p),
    ("given_size", c_size_t),
    ("limits", POINTER(cartbell_limits)),
]

cartbell_cell._fields_ = [
    ("type", c_int32),
    ("reserved", c_int32),
    ("integer", c_int64),
    ("data", c_void_p),
    ("size", c_size_t),
]

cartbell_column._fields_ = [
    ("struct_size", c_uint32),
    ("flags", c_uint32),
    ("type", c_int32),
    ("reserved", c_int32),
    ("name", c_char_p),
]

cartbell_index._fields_ = [
    ("struct_size", c_uint32),
    ("reserved", c_uint32),
    ("name", c_char_p),
    ("columns", POINTER(c_uint32)),
    ("column_count", c_size_t),
]

cartbell_table._fields_ = [
    ("struct_size", c_uint32),
    ("placement", c_int32),
    ("name", c_char_p),
    ("columns", POINTER(cartbell_column)),
    ("column_count", c_size_t),
    ("key_count", c_size_t),
    ("indexes", POINTER(cartbell_index)),
    ("index_count", c_size_t),
    ("owner_column", c_int32),
    ("flags", c_uint32),
]

cartbell_schema._fields_ = [
    ("struct_size", c_uint32),
    ("version", c_int32),
    ("tables", POINTER(cartbell_table)),
    ("table_count", c_size_t),
]

cartbell_scan._fields_ = [
    ("struct_size", c_uint32),
    ("table", c_uint32),
    ("index", c_int32),
    ("descending", c_int32),
    ("lower", POINTER(cartbell_cell)),
    ("lower_count", c_size_t),
    ("lower_open", c_int32),
    ("upper_open", c_int32),
    ("upper", POINTER(cartbell_cell)),
    ("upper_count", c_size_t),
    ("column_mask", c_uint64),
    ("limit", c_uint64),
    ("claim", c_int32),
    ("reserved", c_int32),
]

cartbell_store_functions._fields_ = [
    ("struct_size", c_uint32),
    ("version", c_int32),
    ("open", CFUNCTYPE(c_int32, c_void_p, c_void_p, c_int32)),
    ("close", CFUNCTYPE(None, c_void_p)),
    ("begin", CFUNCTYPE(c_int32, c_void_p, c_int32, c_void_p)),
    ("commit", CFUNCTYPE(c_int32, c_void_p)),
    ("rollback", CFUNCTYPE(None, c_void_p)),
    ("get", CFUNCTYPE(c_int32, c_void_p, c_uint32, c_void_p, c_size_t, c_uint64, c_void_p, c_void_p)),
    ("insert", CFUNCTYPE(c_int32, c_void_p, c_uint32, c_void_p, c_size_t, c_void_p)),
    ("put", CFUNCTYPE(c_int32, c_void_p, c_uint32, c_void_p, c_size_t)),
    ("remove", CFUNCTYPE(c_int32, c_void_p, c_uint32, c_void_p, c_size_t)),
    ("scan", CFUNCTYPE(c_int32, c_void_p, c_void_p, c_void_p)),
    ("next", CFUNCTYPE(c_int32, c_void_p, c_void_p, c_size_t, c_void_p)),
    ("end_scan", CFUNCTYPE(None, c_void_p)),
    ("last_message", CFUNCTYPE(c_void_p, c_void_p)),
    ("maintain", CFUNCTYPE(c_int32, c_void_p, c_void_p)),
]

STRUCTS = [
    cartbell_buffer,
    cartbell_limits,
    cartbell_engine_options,
    cartbell_applied,
    cartbell_partial,
    cartbell_template_options,
    cartbell_map_options,
    cartbell_cell,
    cartbell_column,
    cartbell_index,
    cartbell_table,
    cartbell_schema,
    cartbell_scan,
    cartbell_store_functions,
]

# name: (result, parameters)
FUNCTIONS = {
    "cartbell_batch_count": (c_int32, [c_void_p, c_void_p, c_void_p]),
    "cartbell_batch_free": (None, [c_void_p]),
    "cartbell_buffer_free": (None, [c_void_p]),
    "cartbell_container_get": (c_int32, [c_void_p, c_char_p, c_char_p, c_int64, c_void_p, c_void_p]),
    "cartbell_container_holders": (c_int32, [c_void_p, c_char_p, c_char_p, c_int64, c_char_p, c_size_t, c_void_p, c_void_p]),
    "cartbell_container_list": (c_int32, [c_void_p, c_char_p, c_int64, c_void_p, c_void_p]),
    "cartbell_customer_consent": (c_int32, [c_void_p, c_char_p, c_char_p, c_char_p, c_int64, c_void_p, c_void_p]),
    "cartbell_customer_export": (c_int32, [c_void_p, c_char_p, c_void_p, c_void_p]),
    "cartbell_customer_get": (c_int32, [c_void_p, c_char_p, c_void_p, c_void_p]),
    "cartbell_customer_get_many": (c_int32, [c_void_p, c_void_p, c_size_t, c_void_p, c_void_p]),
    "cartbell_customer_timeline": (c_int32, [c_void_p, c_char_p, c_char_p, c_size_t, c_void_p, c_void_p]),
    "cartbell_engine_apply": (c_int32, [c_void_p, c_void_p, c_size_t, c_int64, c_void_p, c_void_p, c_void_p]),
    "cartbell_engine_close": (None, [c_void_p]),
    "cartbell_engine_digest": (c_int32, [c_void_p, c_int32, c_void_p, c_void_p]),
    "cartbell_engine_ingest": (c_int32, [c_void_p, c_int32, c_char_p, c_size_t, c_char_p, c_int64, c_void_p, c_void_p, c_void_p]),
    "cartbell_engine_maintain": (c_int32, [c_void_p, c_void_p, c_void_p]),
    "cartbell_engine_open": (c_int32, [c_void_p, c_void_p, c_void_p]),
    "cartbell_engine_parse": (c_int32, [c_void_p, c_int32, c_char_p, c_size_t, c_char_p, c_void_p, c_void_p]),
    "cartbell_engine_stats": (c_int32, [c_void_p, c_void_p, c_void_p]),
    "cartbell_engine_tick": (c_int32, [c_void_p, c_int64, c_int64, c_void_p, c_void_p, c_void_p]),
    "cartbell_error_column": (c_uint32, [c_void_p]),
    "cartbell_error_free": (None, [c_void_p]),
    "cartbell_error_line": (c_uint32, [c_void_p]),
    "cartbell_error_message": (c_char_p, [c_void_p]),
    "cartbell_error_pointer": (c_char_p, [c_void_p]),
    "cartbell_error_reason": (c_char_p, [c_void_p]),
    "cartbell_error_status": (c_int32, [c_void_p]),
    "cartbell_event_list": (c_int32, [c_void_p, c_char_p, c_char_p, c_size_t, c_void_p, c_void_p]),
    "cartbell_export_close": (None, [c_void_p]),
    "cartbell_export_next": (c_int32, [c_void_p, c_size_t, c_void_p, c_void_p, c_void_p]),
    "cartbell_export_open": (c_int32, [c_void_p, c_char_p, c_void_p, c_void_p]),
    "cartbell_live_objects": (c_int64, []),
    "cartbell_mailing_dry_run": (c_int32, [c_void_p, c_char_p, c_int64, c_void_p, c_void_p]),
    "cartbell_mailing_get": (c_int32, [c_void_p, c_char_p, c_void_p, c_void_p]),
    "cartbell_mailing_list": (c_int32, [c_void_p, c_void_p, c_void_p]),
    "cartbell_mailing_put": (c_int32, [c_void_p, c_char_p, c_char_p, c_size_t, c_int64, c_void_p, c_void_p]),
    "cartbell_mailing_start": (c_int32, [c_void_p, c_char_p, c_int64, c_void_p, c_void_p]),
    "cartbell_mailing_status": (c_int32, [c_void_p, c_char_p, c_void_p, c_void_p]),
    "cartbell_map": (c_int32, [c_char_p, c_size_t, c_void_p, c_void_p, c_void_p, c_void_p]),
    "cartbell_message_get": (c_int32, [c_void_p, c_char_p, c_void_p, c_void_p]),
    "cartbell_message_lease": (c_int32, [c_void_p, c_char_p, c_size_t, c_int64, c_int64, c_void_p, c_void_p]),
    "cartbell_message_report": (c_int32, [c_void_p, c_char_p, c_size_t, c_int64, c_void_p, c_void_p]),
    "cartbell_order_get": (c_int32, [c_void_p, c_char_p, c_void_p, c_void_p]),
    "cartbell_order_get_many": (c_int32, [c_void_p, c_void_p, c_size_t, c_void_p, c_void_p]),
    "cartbell_order_history_get": (c_int32, [c_void_p, c_char_p, c_void_p, c_void_p]),
    "cartbell_order_timeline": (c_int32, [c_void_p, c_char_p, c_char_p, c_size_t, c_void_p, c_void_p]),
    "cartbell_product_get": (c_int32, [c_void_p, c_char_p, c_void_p, c_void_p]),
    "cartbell_product_get_many": (c_int32, [c_void_p, c_void_p, c_size_t, c_void_p, c_void_p]),
    "cartbell_segment_count": (c_int32, [c_void_p, c_char_p, c_size_t, c_int64, c_void_p, c_void_p]),
    "cartbell_segment_customers": (c_int32, [c_void_p, c_char_p, c_size_t, c_int64, c_char_p, c_size_t, c_void_p, c_void_p]),
    "cartbell_segment_explain": (c_int32, [c_void_p, c_char_p, c_size_t, c_char_p, c_int64, c_size_t, c_void_p, c_void_p]),
    "cartbell_segment_get": (c_int32, [c_void_p, c_char_p, c_void_p, c_void_p]),
    "cartbell_segment_list": (c_int32, [c_void_p, c_void_p, c_void_p]),
    "cartbell_segment_match": (c_int32, [c_void_p, c_char_p, c_size_t, c_char_p, c_int64, c_void_p, c_void_p]),
    "cartbell_segment_match_many": (c_int32, [c_void_p, c_char_p, c_size_t, c_void_p, c_size_t, c_int64, c_void_p, c_void_p]),
    "cartbell_segment_put": (c_int32, [c_void_p, c_char_p, c_char_p, c_size_t, c_int64, c_void_p, c_void_p]),
    "cartbell_settings_difference": (c_int32, [c_void_p, c_int64, c_int64, c_void_p, c_void_p]),
    "cartbell_settings_get": (c_int32, [c_void_p, c_char_p, c_void_p, c_void_p]),
    "cartbell_settings_put": (c_int32, [c_void_p, c_char_p, c_size_t, c_int64, c_void_p, c_void_p]),
    "cartbell_settings_versions": (c_int32, [c_void_p, c_char_p, c_size_t, c_void_p, c_void_p]),
    "cartbell_status_name": (c_char_p, [c_int32]),
    "cartbell_template_check": (c_int32, [c_void_p, c_char_p, c_size_t, c_void_p, c_void_p]),
    "cartbell_template_compile": (c_int32, [c_char_p, c_size_t, c_void_p, c_void_p, c_void_p]),
    "cartbell_template_free": (None, [c_void_p]),
    "cartbell_template_get": (c_int32, [c_void_p, c_char_p, c_void_p, c_void_p]),
    "cartbell_template_list": (c_int32, [c_void_p, c_void_p, c_void_p]),
    "cartbell_template_preview": (c_int32, [c_void_p, c_char_p, c_char_p, c_int64, c_void_p, c_void_p]),
    "cartbell_template_put": (c_int32, [c_void_p, c_char_p, c_char_p, c_size_t, c_int64, c_void_p, c_void_p]),
    "cartbell_template_render": (c_int32, [c_void_p, c_char_p, c_size_t, c_void_p, c_void_p, c_void_p]),
    "cartbell_template_render_many": (c_int32, [c_void_p, c_void_p, c_void_p, c_size_t, c_void_p, c_void_p, c_void_p, c_void_p]),
    "cartbell_version": (c_char_p, []),
}
