"""conformance_ctypes.py SUITE STORE: the conformance suite from Python, by ctypes, over a store with one function of Python's own."""

import ctypes
import sys

BEGUN, PASSED, FAILED, SKIPPED = 1, 2, 3, 4
OK, NOT_FOUND, CONFLICT = 0, -2, -11
NAMES = ["open", "close", "begin", "commit", "rollback", "get", "insert", "put", "remove", "scan", "next", "end_scan", "last_message", "maintain"]
REMOVE = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_size_t)
MAKE = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int32)


class Functions(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("version", ctypes.c_int32)] + [(name, ctypes.c_void_p) for name in NAMES]


class Report(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("outcome", ctypes.c_int32), ("check", ctypes.c_char_p), ("rule", ctypes.c_char_p), ("message", ctypes.c_char_p)]


REPORT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(Report))


class Options(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("reserved", ctypes.c_uint32), ("make", MAKE), ("report", REPORT), ("user_data", ctypes.c_void_p),
                ("only", ctypes.c_char_p), ("seed", ctypes.c_uint64)]


suite, store = ctypes.CDLL(sys.argv[1]), ctypes.CDLL(sys.argv[2])
suite.cartbell_store_conformance.argtypes = [ctypes.POINTER(Functions), ctypes.POINTER(Options)]
suite.cartbell_store_conformance_check.restype = ctypes.c_char_p
suite.cartbell_store_conformance_check.argtypes = [ctypes.c_size_t]
store.custom_store_functions.restype = ctypes.POINTER(Functions)
store.custom_store_new.restype = ctypes.c_void_p


def run(functions, only=None):
    told = {}

    def report(_, step):
        told[step.contents.check.decode()] = (step.contents.outcome, step.contents.rule.decode(), step.contents.message.decode())

    make, tell = MAKE(lambda _, place: store.custom_store_new() if place == 1 else None), REPORT(report)
    options = Options(ctypes.sizeof(Options), 0, make, tell, None, only and only.encode(), 7)
    return suite.cartbell_store_conformance(ctypes.byref(functions), ctypes.byref(options)), told


def names():
    position = 0
    while name := suite.cartbell_store_conformance_check(position):
        yield name.decode()
        position += 1


own = store.custom_store_functions().contents
status, told = run(own)
assert status == OK and list(told) == list(names()), (status, told)
assert all(outcome in (PASSED, SKIPPED) for outcome, _, _ in told.values()) and len(told) >= 57

# A function in Python that removes nothing.
nothing = REMOVE(lambda transaction, table, keys, count: OK)
broken = Functions.from_buffer_copy(own)
broken.remove = ctypes.cast(nothing, ctypes.c_void_p)
status, told = run(broken, "remove_takes_rows_out_of_every_order")
assert status == CONFLICT and list(told) == ["remove_takes_rows_out_of_every_order"], (status, told)
outcome, rule, message = told["remove_takes_rows_out_of_every_order"]
assert outcome == FAILED and rule == "Removes the rows of `count` keys; absent ones are no error.", told
assert run(own, "no_such_check") == (NOT_FOUND, {})
print(len(list(names())), "checks;", message)
