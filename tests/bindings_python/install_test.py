"""pip installs the package without a network, and the installed one works; what the documents show is what runs."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import venv

import pytest

import cartbell

SOURCE = pathlib.Path(os.environ["CARTBELL_SOURCE"])
LIBRARY = os.environ["CARTBELL_LIBRARY"]
BINDING = SOURCE / "bindings" / "python"
EXPECTED = "external_id:C-17 99.80 ['100045']\n"
FOUND = "import cartbell; print(cartbell._library.library._name, cartbell.version())"


def bare(**more):
    """An environment that knows neither this package nor the library."""
    ours = ("CARTBELL_LIBRARY", "PYTHONPATH", "LD_LIBRARY_PATH")
    return {**{name: value for name, value in os.environ.items() if name not in ours}, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_CACHE_DIR": "1", **more}


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", env=bare(**more))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """The interpreter of a new virtual environment."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=True)
    return folder / "bin" / "python"


def before():
    return {path: path.stat().st_mtime_ns for path in BINDING.rglob("*") if path.is_file()}


def test_pip_takes_the_library_along(python):
    files = before()
    run(python, "-m", "pip", "install", "-q", BINDING, CARTBELL_LIBRARY=LIBRARY)
    assert before() == files  # nothing is left in the source tree
    found = run(python, "-c", FOUND).split()
    assert pathlib.Path(found[0]).name == "libcartbell.so" and "site-packages" in found[0] and found[1] == cartbell.version()
    assert run(python, SOURCE / "examples" / "embed.py") == EXPECTED
    assert run(python, "-c", "import cartbell, pathlib; print((pathlib.Path(cartbell.__file__).parent / 'py.typed').exists())") == "True\n"
    run(python, "-m", "pip", "uninstall", "-q", "-y", "cartbell")


def test_pip_leaves_the_library_where_it_is(python, tmp_path):
    run(python, "-m", "pip", "install", "-q", BINDING)
    said = subprocess.run([python, "-c", FOUND], capture_output=True, text=True, cwd="/", env=bare())
    if said.returncode != 0:  # no library of the system's
        assert "CARTBELL_LIBRARY" in said.stderr and "ImportError" in said.stderr
    assert run(python, "-c", FOUND, CARTBELL_LIBRARY=LIBRARY).split()[0] == LIBRARY
    shutil.copy(LIBRARY, tmp_path / "libcartbell.so.0")
    assert run(python, "-c", FOUND, LD_LIBRARY_PATH=str(tmp_path)).split()[0] == "libcartbell.so.0"
    wrong = subprocess.run([python, "-c", FOUND], capture_output=True, text=True, cwd="/", env=bare(CARTBELL_LIBRARY="/none.so"))
    assert wrong.returncode != 0 and "/none.so" in wrong.stderr
    run(python, "-m", "pip", "uninstall", "-q", "-y", "cartbell")


def test_pip_installs_it_for_editing(python):
    run(python, "-m", "pip", "install", "-q", "-e", BINDING)
    assert run(python, "-c", "import cartbell; print(cartbell.__file__)", CARTBELL_LIBRARY=LIBRARY).strip() == str(BINDING / "cartbell" / "__init__.py")


def test_a_library_of_another_version_is_refused(tmp_path):
    library = tmp_path / "libcartbell.so"
    source = tmp_path / "old.c"
    source.write_text('const char *cartbell_version(void) { return "0.0.9"; }\n')
    for rest, word in (("", "has no"), ("\n".join(f"int {name}(void) {{ return 0; }}" for name in cartbell._abi.FUNCTIONS if name != "cartbell_version"),
                                        "0.0.9")):
        source.write_text(source.read_text() + rest)
        subprocess.run([os.environ["CARTBELL_CXX"], "-x", "c", "-w", "-shared", "-fPIC", source, "-o", library], check=True)
        said = subprocess.run([sys.executable, "-c", "import cartbell"], capture_output=True, text=True, env={**os.environ, "CARTBELL_LIBRARY": library})
        assert said.returncode != 0 and "ImportError" in said.stderr and word in said.stderr


def test_the_versions_are_one():
    project = re.search(r"project\(cartbell VERSION (\S+)", (SOURCE / "CMakeLists.txt").read_text()).group(1)
    package = re.search(r'^version = "(.*)"', (BINDING / "pyproject.toml").read_text(), re.MULTILINE).group(1)
    assert project == package == cartbell.version()


def test_the_example_runs():
    assert subprocess.run([sys.executable, SOURCE / "examples" / "embed.py"], capture_output=True, text=True, check=True).stdout == EXPECTED


def test_the_readme_shows_the_example():
    example = (SOURCE / "examples" / "embed.py").read_text()
    shown = re.findall(r"^```python\n(.*?)^```", (SOURCE / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert len(shown) == 1 and shown[0] in example and 8 <= shown[0].count("\n") <= 12


def test_the_bindings_readme_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    first, lines, own = re.findall(r"^```python\n(.*?)^```", (BINDING / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    exec(first, {})
    assert "100045" in capsys.readouterr().out
    pathlib.Path("orders.ndjson").write_text('{"type":"order","id":"2","order":{"order_id":"2"}}\nno JSON\n')
    with cartbell.Engine("shop.db") as shop:
        exec(lines, {"shop": shop})
        assert "2 accepted ()" in capsys.readouterr().out
    from sorted_store import SortedStore
    exec(own, {"cartbell": cartbell, "MyStore": SortedStore})
