"""Stores written in Python. The store of sorted_store.py does the whole main job and ends with what the built-in stores have.

The conformance suite (tests/store/conformance.hpp) is the test of a store. It is C++ and makes stores itself; once it can be handed a table of
functions and a maker of stores, SortedStore goes through it here: `cartbell.store.functions` is the table, `cartbell.store.lend(SortedStore())` a
new store.
"""

import errno
import gc
import signal
import sys
import time
import weakref

import pytest

import cartbell
from cartbell.store import Scan
from conftest import NOW, QUIET, main_job, order
from sorted_store import SortedStore, SortedTransaction


def opened(store, **more):
    return cartbell.Engine(store=store, clock=lambda: NOW, **more)


def everything(engine):
    messages = main_job(engine, 25)
    assert engine.digest() == engine.digest(refolded=True)
    return engine.digest(), engine.stats(), messages, list(engine.segment_customers("quiet")), engine.segment_explain("quiet", "external_id:C-2")


def test_the_whole_main_job_ends_as_in_the_built_in_stores(tmp_path):
    ends = []
    for engine in (opened(SortedStore()), cartbell.Engine(":memory:", clock=lambda: NOW), cartbell.Engine(tmp_path / "shop.db", clock=lambda: NOW)):
        with engine:
            ends.append(everything(engine))
    assert ends[0] == ends[1] == ends[2]
    digest, stats, messages, quiet, why = ends[0]
    assert digest.orders == 25 and stats.outbox == {"blocked": 1, "handed_over": 24} and len(messages) == 25
    assert len(quiet) == 24 and why


def test_a_store_goes_on_where_an_engine_before_left_it():
    store = SortedStore()
    with opened(store) as engine:
        main_job(engine)
        digest = engine.digest()
    with opened(store) as engine:
        assert engine.digest() == digest and engine.ingest(order(1, "C-1", placed_at="2011-11-20T10:00:00Z")).duplicate == 1
    with opened(store, read_only=True) as engine:
        assert engine.digest() == digest
        with pytest.raises(cartbell.ReadOnlyError):
            engine.ingest(order(9))
    assert store.closed == 3


def test_texts_bytes_and_integers_come_back_as_they_went():
    extremes = [None, 0, -1, 2**63 - 1, -2**63, "", "a", "ключ", "x" * 100_000, "\U0001f514", b"", b"\0\xff", b"y" * 100_000]
    import ctypes
    from cartbell.store import _CELL, _read_rows, _write_rows
    room = ctypes.create_string_buffer(2 * len(extremes) * _CELL.size)
    count, kept = _write_rows(ctypes.addressof(room), [tuple(extremes), None], len(extremes))
    assert count == 2 and kept
    assert _read_rows(ctypes.addressof(room), 2, len(extremes)) == [tuple(extremes), (None,) * len(extremes)]


@pytest.mark.parametrize("raised, kind, reason", [
    (cartbell.FullError("no room"), cartbell.FullError, "no room"),
    (cartbell.CorruptError("bad page"), cartbell.CorruptError, "bad page"),
    (OSError(errno.ENOSPC, "secret"), cartbell.FullError, "OSError"),
    (OSError(errno.EIO, "secret"), cartbell.StoreError, "OSError"),
    (MemoryError(), cartbell.OutOfMemoryError, ""),
    (KeyError("secret"), cartbell.InternalError, "KeyError"),
    (KeyboardInterrupt(), KeyboardInterrupt, ""),
])
@pytest.mark.parametrize("where", ["begin", "commit", "get", "insert", "put", "scan", "rows"])
def test_an_exception_in_a_callback_is_a_status_and_the_cause(monkeypatch, where, raised, kind, reason):
    def fails(*_):
        raise raised

    def rows(self, scan):
        yield from ()
        raise raised

    def commit(self):
        self.end()
        raise raised

    store = SortedStore()
    with opened(store) as engine:
        engine.ingest(order(1))
        digest = engine.digest()
        with monkeypatch.context() as broken:
            if where == "begin":
                broken.setattr(SortedStore, where, fails)
            else:
                broken.setattr(SortedTransaction, "scan" if where == "rows" else where, {"rows": rows, "commit": commit}.get(where, fails))
            with pytest.raises(kind) as caught:
                if where in ("scan", "rows"):
                    engine.segment_count(True)
                else:
                    engine.ingest(order(2))
            if isinstance(raised, KeyboardInterrupt):
                assert caught.value is raised
            elif not isinstance(raised, MemoryError):
                assert caught.value.code == "store_failed" and caught.value.__cause__ is raised
                assert reason in str(caught.value) and "secret" not in str(caught.value)
        # Nothing was stored, nothing is held, and the engine goes on.
        assert engine.digest() == digest
        assert engine.ingest(order(2)).accepted == 1


def test_rows_that_do_not_fit_are_the_stores_fault_and_not_written(monkeypatch):
    with opened(SortedStore()) as engine:
        monkeypatch.setattr(SortedTransaction, "get", lambda self, table, keys, mask: [(1,)] * len(keys))
        with pytest.raises(cartbell.InternalError) as caught:
            engine.ingest(order(1))
        assert isinstance(caught.value.__cause__, ValueError)
        monkeypatch.setattr(SortedTransaction, "get", lambda self, table, keys, mask: [])
        with pytest.raises(cartbell.InternalError) as caught:
            engine.ingest(order(1))
        assert isinstance(caught.value.__cause__, ValueError)
        monkeypatch.undo()


def test_a_failed_open_closes_the_store_too(monkeypatch):
    def busy(*_):
        raise cartbell.BusyError("someone else writes")

    store = SortedStore()
    monkeypatch.setattr(store, "open", busy)
    with pytest.raises(cartbell.BusyError) as caught:
        opened(store)
    assert "someone else writes" in str(caught.value) and store.closed == 1


def test_a_path_beside_a_store_is_refused_and_the_store_closed():
    store = SortedStore()
    with pytest.raises(cartbell.MisuseError):
        cartbell.Engine(":memory:", store=store)
    assert store.closed == 1


def test_nothing_of_a_store_is_kept_after_close():
    import cartbell.store as own
    store = SortedStore()
    gone = weakref.ref(store)
    with opened(store) as engine:
        main_job(engine)
        assert len(own._lent) == 1  # the store; its transactions and scans have ended
    assert not own._lent
    del store, engine
    gc.collect()
    assert gone() is None


def test_an_exception_of_close_does_not_cross_into_c(monkeypatch):
    def fails():
        raise RuntimeError("close")

    store = SortedStore()
    engine = opened(store)
    monkeypatch.setattr(store, "close", fails)
    engine.close()
    assert engine.closed
    assert sys.exc_info() == (None, None, None)


def test_a_store_must_have_every_method():
    with pytest.raises(TypeError):
        cartbell.store.Store()


def test_the_schema_says_which_columns_are_personal():
    store = SortedStore()
    with opened(store):
        tables = {table.name: table for table in store.schema.tables}
    message = tables["message"]
    assert message.key_count == 3 and message.indexes[0].name == "queue" and message.owner_column == 0
    assert "identity" in {column.name for column in message.columns if column.personal}
    assert tables["operation"].unordered and not tables["orders"].unordered


def test_scans_are_given_as_they_are_asked(monkeypatch):
    seen = []
    scanned = SortedTransaction.scan
    monkeypatch.setattr(SortedTransaction, "scan", lambda self, scan: seen.append(scan) or scanned(self, scan))
    with opened(SortedStore()) as engine:
        main_job(engine)
    assert all(isinstance(scan, Scan) for scan in seen)
    assert {scan.index for scan in seen} >= {None, 0} and any(scan.lower is not None for scan in seen) and any(scan.upper is not None for scan in seen)


def test_upkeep_reaches_the_store(monkeypatch):
    more = [True, False]
    monkeypatch.setattr(SortedStore, "maintain", lambda self: more.pop(0))
    with opened(SortedStore()) as engine:
        assert engine.maintain() and not engine.maintain()
    assert not more


def test_several_stores_at_once():
    with opened(SortedStore()) as one, opened(SortedStore()) as other:
        one.ingest(order(1))
        other.put_segment("quiet", QUIET)
        assert (one.stats().orders, other.stats().orders) == (1, 0)
        assert (one.stats().segments, other.stats().segments) == (0, 1)


class Alarm(Exception):
    pass


def test_a_signal_waits_for_the_end_of_the_call(monkeypatch):
    """A handler that raises at the entry of a callback would leave C with no status; conftest.py fails the test if any exception is lost."""
    begun = SortedStore.begin
    delays = iter(range(1, 100_000))

    def ring(*_):
        raise Alarm

    def begin(self, write):
        if write:
            signal.setitimer(signal.ITIMER_REAL, next(delays) % 100 * 0.000002 + 0.000001)
        return begun(self, write)

    monkeypatch.setattr(SortedStore, "begin", begin)
    before = signal.signal(signal.SIGALRM, ring)
    try:
        with opened(SortedStore()) as engine:
            for number in range(300):
                with pytest.raises(Alarm):
                    engine.ingest(order(number))
                    time.sleep(0.02)  # for one that came too late
                assert signal.getsignal(signal.SIGALRM) is ring
            assert engine.stats().orders == 300 and engine.digest() == engine.digest(refolded=True)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_ctrl_c_waits_for_the_end_of_the_call(monkeypatch):
    committed = SortedTransaction.commit

    def commit(self):
        signal.raise_signal(signal.SIGINT)
        committed(self)

    with opened(SortedStore()) as engine:
        with monkeypatch.context() as interrupted, pytest.raises(KeyboardInterrupt):
            interrupted.setattr(SortedTransaction, "commit", commit)
            engine.ingest(order(1))
        assert engine.stats().orders == 1
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
