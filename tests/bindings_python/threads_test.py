"""Any number of threads on one engine; closing while they work; the interpreter's lock is not held by a call."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import cartbell
from conftest import NOW, main_job, order
from sorted_store import SortedStore


def test_readers_and_writers_share_an_engine(tmp_path):
    with cartbell.Engine(tmp_path / "shop.db", clock=lambda: NOW) as shop, ThreadPoolExecutor(6) as pool:
        writes = [pool.submit(shop.ingest, [order(f"{part}-{number}") for number in range(20)]) for part in range(10)]
        reads = [pool.submit(lambda: (shop.stats(), list(shop.segment_customers(True)))) for _ in range(50)]
        assert sum(each.result().accepted + each.result().late for each in writes) == 200
        assert all(each.result() for each in reads)
        assert shop.stats().orders == 200


def test_parsing_runs_beside_applying(tmp_path):
    with cartbell.Engine(tmp_path / "shop.db", clock=lambda: NOW) as shop, ThreadPoolExecutor(4) as pool:
        parsed = [pool.submit(shop.parse, [order(f"{part}-{number}") for number in range(50)]) for part in range(8)]
        for each in parsed:
            with each.result() as batch:
                shop.apply(batch)
        assert shop.stats().orders == 400


def test_a_call_lets_other_threads_run():
    """A counting thread goes on while the main thread is inside one long call."""
    with cartbell.Engine(":memory:", clock=lambda: NOW) as shop:
        with shop.parse([order(number) for number in range(5000)]) as batch:
            ticks, stop = [], threading.Event()

            def count():
                while not stop.wait(0.0005):
                    ticks.append(time.monotonic())

            counter = threading.Thread(target=count)
            counter.start()
            began = time.monotonic()
            shop.apply(batch)
            ended = time.monotonic()
            stop.set()
            counter.join()
    inside = [tick for tick in ticks if began < tick < ended]
    assert ended - began > 0.01 and len(inside) > 2


def test_close_waits_for_calls_under_way():
    for _ in range(20):
        shop = cartbell.Engine(":memory:", clock=lambda: NOW)
        started, ends = threading.Event(), []

        def work():
            try:
                while True:
                    shop.ingest(order(1))
                    started.set()
            except cartbell.MisuseError as error:
                ends.append(error.code)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        started.wait()
        shop.close()
        for thread in threads:
            thread.join()
        assert ends == ["closed"] * 3 and cartbell.live_objects() == 0


def test_close_waits_for_the_page_of_a_cursor():
    for _ in range(20):
        shop = cartbell.Engine(":memory:", clock=lambda: NOW, limits={"page_rows": 2})
        main_job(shop, 10)
        started, ends = threading.Event(), []

        def read():
            try:
                while True:
                    with shop.messages() as cursor:
                        for _ in cursor:
                            started.set()
            except cartbell.MisuseError as error:
                ends.append(error.code)

        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        started.wait()
        shop.close()
        for thread in threads:
            thread.join()
        assert ends == ["closed"] * 3 and cartbell.live_objects() == 0


def test_two_threads_may_close_at_once():
    for _ in range(50):
        shop = cartbell.Engine(":memory:")
        threads = [threading.Thread(target=shop.close) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert cartbell.live_objects() == 0


def test_one_cursor_gives_each_message_once(shop):
    main_job(shop, 60)
    with shop.messages() as cursor, ThreadPoolExecutor(4) as pool:
        shop._page = 7
        ids = [each.message_id for part in pool.map(lambda _: list(cursor), range(4)) for each in part]
    assert len(ids) == len(set(ids)) == 60


def test_a_store_in_python_serves_several_threads():
    with cartbell.Engine(store=SortedStore(), clock=lambda: NOW) as shop, ThreadPoolExecutor(4) as pool:
        writes = [pool.submit(shop.ingest, [order(f"{part}-{number}") for number in range(10)]) for part in range(8)]
        reads = [pool.submit(shop.stats) for _ in range(20)]
        assert sum(each.result().accepted + each.result().late for each in writes) == 80 and all(each.result() for each in reads)
        assert shop.stats().orders == 80


@pytest.mark.parametrize("store", [None, SortedStore])
def test_the_child_of_a_fork_is_told(store):
    with cartbell.Engine(":memory:" if store is None else None, store=store and store(), clock=lambda: NOW) as shop:
        shop.ingest(order(1))
        child = os.fork()
        if child == 0:
            try:
                shop.stats()
            except cartbell.ForkedError:
                os._exit(17)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 17
        assert shop.stats().orders == 1
