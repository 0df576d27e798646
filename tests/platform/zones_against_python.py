"""Holds our zones against Python's zoneinfo: every zone, 1970-2100, on fat and slim files.

Usage: zones_against_python.py PROBE WORK_FOLDER
Checked are all instants one second before, at and after each change of offset, samples between them, and around each
change the wall times in its gap or overlap (formats.md, head: "a wall time inside a gap moves forward by the gap, of two
equal ones the first is taken"; that is what Python calls fold=0).

Our answer must be Python's over the same file. Where Python says something else of the slim than of the fat file of the same
data, the fat one's answer is as good: Python applies the rule at a file's end from the last listed change on, RFC 9636 §3.3
and we to the changes after it (America/Ojinaga in the week after 2022-10-30 as compiled by zic 2.36). Such answers are
counted, and few.
"""

import pathlib
import shutil
import struct
import subprocess
import sys
import zoneinfo
from datetime import datetime, timezone

SYSTEM_FOLDER = pathlib.Path("/usr/share/zoneinfo")
BEGIN = int(datetime(1970, 1, 1, tzinfo=timezone.utc).timestamp())
END = int(datetime(2101, 1, 1, tzinfo=timezone.utc).timestamp())
STEP = 20 * 86400 + 12345  # no rule of the years to come is in force for so short a time
LEAST_ZONES = 500          # fewer means that there was nothing to check
MOST_TWIN_ANSWERS = 40     # 24 with Debian 12's zic and the zones of 2025b


def listed_changes(data):
    """The changes that a file lists itself (RFC 9636), whatever is made of them."""
    def counts(at):
        return struct.unpack(">6l", data[at + 20:at + 44])
    is_ut, is_std, leaps, times, types, chars = counts(0)
    second = 44 + times * 5 + types * 6 + chars + leaps * 8 + is_std + is_ut
    times = counts(second)[3]
    return struct.unpack(f">{times}q", data[second + 44:second + 44 + 8 * times])


def offset(zone, at):
    return int(datetime.fromtimestamp(at, zone).utcoffset().total_seconds())


def instant(zone, local):
    naive = datetime.fromtimestamp(local, timezone.utc)
    return int(naive.replace(tzinfo=zone).timestamp())


def changes_of(zone, data):
    """All instants in BEGIN..END where the offset changes: the listed ones, and those found by stepping through the rest."""
    found = {at for at in listed_changes(data) if BEGIN < at < END}
    before, at = offset(zone, BEGIN), BEGIN
    while at < END:
        upper = at + STEP
        after = offset(zone, upper)
        if after != before:
            lower = at
            while upper - lower > 1:
                middle = (lower + upper) // 2
                if offset(zone, middle) == before:
                    lower = middle
                else:
                    upper = middle
            found.add(upper)
            upper = at + STEP
        at, before = upper, after
    return sorted(found)


class Probe:
    def __init__(self, command, folder):
        self.process = subprocess.Popen([command, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def numbers(self, kind, values):
        return [int(word) for word in self.ask(f"{kind} " + " ".join(map(str, values))).split()]

    def close(self):
        self.process.stdin.close()
        return self.process.wait()


def questions(zone, changes):
    instants, locals_ = [], []
    for index, at in enumerate(changes):
        following = changes[index + 1] if index + 1 < len(changes) else END
        instants += [at - 1, at, at + 1, (at + following) // 2]
        before, after = offset(zone, at - 1), offset(zone, at)
        low, high = at + min(before, after), at + max(before, after)
        locals_ += [low - 1, low, low + 1, (low + high) // 2, high - 1, high, high + 1, (at + following) // 2]
    instants += range(BEGIN, END, 400 * 86400 + 777)
    locals_ += range(BEGIN + 86400, END, 900 * 86400 + 4321)
    return instants, [local for local in locals_ if BEGIN + 86400 < local < END]


def zone_of(folder, name):
    with (folder / name).open("rb") as file:
        return zoneinfo.ZoneInfo.from_file(file, key=name)


class Answers:
    """What is asked about a zone, what Python says, and what it says of the twin file."""

    def __init__(self, folder, name, twin):
        zone = zone_of(folder, name)
        self.instants, self.locals = questions(zone, changes_of(zone, (folder / name).read_bytes()))
        self.said = self.ask(zone)
        self.said_of_twin = self.ask(zone_of(twin, name)) if twin else self.said

    def ask(self, zone):
        return [offset(zone, at) for at in self.instants] + [instant(zone, at) for at in self.locals]


def check_folder(command, folder, twin=None):
    zoneinfo.reset_tzpath([str(folder)])
    probe = Probe(command, folder)
    known = {}  # bytes of a file -> its answers; a quarter of all names are links
    zones = checks = of_twin = 0
    wrong = []
    for name in sorted(zoneinfo.available_timezones() - {"localtime"}):
        data = (folder / name).read_bytes()
        if data not in known:
            known[data] = Answers(folder, name, twin)
        answers = known[data]
        if probe.ask(f"zone {name}") != "ok":
            wrong.append(f"{name}: unknown to us")
            continue
        zones += 1
        given = probe.numbers("o", answers.instants) + probe.numbers("l", answers.locals)
        checks += len(given)
        if len(given) != len(answers.said):
            wrong.append(f"{name}: {len(given)} answers to {len(answers.said)} questions")
        for asked, ours, said, twins in zip(answers.instants + answers.locals, given, answers.said, answers.said_of_twin):
            if ours != said:
                of_twin += 1
                if ours != twins:
                    wrong.append(f"{name} at {asked}: Python says {said}, we say {ours}")
    if probe.ask("zone ../zoneinfo/UTC") != "unknown":
        wrong.append("a name with .. was followed")
    if probe.close() != 0:
        wrong.append("the probe failed")
    if of_twin > MOST_TWIN_ANSWERS:
        wrong.append("too many answers of the other kind of file")
    print(f"{folder}: {zones} zones, {len(known)} different, {checks} checks, {len(wrong)} wrong, {of_twin} as the twin")
    for line in wrong[:20]:
        print(line)
    return zones >= LEAST_ZONES and not wrong


def compile_zones(kind, folder):
    zic = shutil.which("zic") or shutil.which("zic", path="/usr/sbin:/sbin")
    if zic is None:
        sys.exit("zic is missing (package libc-bin)")
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([zic, "-b", kind, "-d", str(folder), str(SYSTEM_FOLDER / "tzdata.zi")], check=True)
    return folder


def main():
    command, work = sys.argv[1], pathlib.Path(sys.argv[2])
    fat, slim = compile_zones("fat", work / "fat"), compile_zones("slim", work / "slim")
    if (fat / "Europe/Riga").stat().st_size <= (slim / "Europe/Riga").stat().st_size:
        sys.exit("the fat files are not fatter than the slim ones")
    results = [check_folder(command, SYSTEM_FOLDER), check_folder(command, fat), check_folder(command, slim, twin=fat)]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
