"""A store written in Python goes through the installed conformance suite (sys/store_conformance.h), like any other table of functions."""

import ctypes
import os

import cartbell.store
from sorted_store import SortedStore

NEW, PASSED, FAILED, SKIPPED = 1, 2, 3, 4
OK, CONFLICT = 0, -11
MAKE = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int32)


class Report(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("outcome", ctypes.c_int32), ("check", ctypes.c_char_p), ("rule", ctypes.c_char_p), ("message", ctypes.c_char_p)]


REPORT = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(Report))


class Options(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("reserved", ctypes.c_uint32), ("make", MAKE), ("report", REPORT), ("user_data", ctypes.c_void_p),
                ("only", ctypes.c_char_p), ("seed", ctypes.c_uint64)]


def run(store_class):
    """The suite over stores of this class: its status, and outcome and message of every check."""
    suite = ctypes.CDLL(os.environ["CARTBELL_CONFORMANCE"])
    told = {}
    newest = []

    def make(_, place):
        if place != NEW and not (place == 2 and newest):
            return None
        newest[:] = [store_class() if place == NEW else store_class(newest[0].place)]
        return cartbell.store.lend(newest[0])[1]

    def report(_, step):
        told[step.contents.check.decode()] = (step.contents.outcome, step.contents.message.decode())

    maker, teller = MAKE(make), REPORT(report)
    options = Options(ctypes.sizeof(Options), 0, maker, teller, None, None, 7)
    return suite.cartbell_store_conformance(ctypes.byref(cartbell.store.functions), ctypes.byref(options)), told


def test_the_sorted_store_passes_every_check_that_a_store_in_memory_can_be_asked():
    status, told = run(SortedStore)
    assert [(check, message) for check, (outcome, message) in told.items() if outcome == FAILED] == []
    assert status == OK and len(told) >= 57
    assert sum(outcome == PASSED for outcome, _ in told.values()) >= 50


def test_a_store_that_forgets_a_removal_is_found():
    class Forgetful(SortedStore):
        def begin(self, *arguments):
            transaction = super().begin(*arguments)
            transaction.remove = lambda table, keys: None
            return transaction

    status, told = run(Forgetful)
    assert status == CONFLICT
    assert told["remove_takes_rows_out_of_every_order"][0] == FAILED
