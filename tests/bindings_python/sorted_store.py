"""A store as plain as can be: a dict a table, sorted when it is scanned. Every rule of sys/store.h, nothing quick."""

import itertools
import threading

import cartbell
from cartbell.store import Store, Transaction


def sortable(cells):
    return tuple((cell is not None, cell if cell is not None else 0) for cell in cells)


class SortedTransaction(Transaction):
    def __init__(self, store, write):
        self.store, self.write = store, write
        self.tables = list(store.tables)  # the snapshot; a table that is changed is copied first
        self.own = set()

    def table(self, table):
        """The table, to be changed."""
        if not self.write:
            raise cartbell.ReadOnlyError("this transaction only reads")
        if table not in self.own:
            self.tables[table] = dict(self.tables[table])
            self.own.add(table)
        return self.tables[table]

    def key(self, table, row):
        return row[: self.store.schema.tables[table].key_count]

    def end(self):
        if self.write:
            self.store.writing.release()

    def commit(self):
        if self.write:
            self.store.tables = self.tables
        self.end()

    def rollback(self):
        self.end()

    def get(self, table, keys, column_mask):
        for key in keys:
            row = self.tables[table].get(key)
            yield row and self.masked(row, column_mask)

    def insert(self, table, rows):
        into = self.table(table)
        for row in rows:
            key = self.key(table, row)
            yield key in into
            into.setdefault(key, row)

    def put(self, table, rows):
        self.table(table).update((self.key(table, row), row) for row in rows)

    def remove(self, table, keys):
        into = self.table(table)
        for key in keys:
            into.pop(key, None)

    def scan(self, scan):
        declared = self.store.schema.tables[scan.table]
        order = (*(declared.indexes[scan.index].columns if scan.index is not None else ()), *range(declared.key_count))

        def place(row):
            return sortable(row[column] for column in order)

        def within(row):
            at = place(row)
            if scan.lower is not None:
                begin, lower = at[: len(scan.lower)], sortable(scan.lower)
                if begin < lower or (scan.lower_open and begin == lower):
                    return False
            if scan.upper is not None:
                begin, upper = at[: len(scan.upper)], sortable(scan.upper)
                if begin > upper or (scan.upper_open and begin == upper):
                    return False
            return True

        if scan.claim and not self.write:
            raise cartbell.MisuseError("a read transaction claims nothing")
        rows = sorted(filter(within, self.tables[scan.table].values()), key=place, reverse=scan.descending)
        return (self.masked(row, scan.column_mask) for row in itertools.islice(rows, scan.limit))

    @staticmethod
    def masked(row, mask):
        return tuple(cell if mask >> i & 1 else None for i, cell in enumerate(row))


class SortedStore(Store):
    def __init__(self):
        self.closed = 0
        self.tables = None
        self.writing = threading.Lock()

    def open(self, schema, read_only):
        self.schema, self.read_only = schema, read_only
        if self.tables is None:
            self.tables = [{} for _ in schema.tables]

    def close(self):
        self.closed += 1

    def begin(self, write):
        if write and self.read_only:
            raise cartbell.ReadOnlyError("opened for reading only")
        if write and not self.writing.acquire(timeout=10):
            raise cartbell.BusyError("another transaction writes")
        return SortedTransaction(self, write)
