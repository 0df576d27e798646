"""Builds the wheel (PEP 517) with nothing but Python, so that `pip install` needs no network: the package is a few files to be packed.

CARTBELL_LIBRARY, where it is set, is packed beside them; the wheel is then one of this platform.
"""

import base64
import hashlib
import io
import os
import pathlib
import sysconfig
import tarfile
import tomllib
import zipfile

HERE = pathlib.Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text())["project"]
STEM = f"{PROJECT['name']}-{PROJECT['version']}"


def metadata():
    readme = (HERE / PROJECT["readme"]).read_text()
    return (f"Metadata-Version: 2.1\nName: {PROJECT['name']}\nVersion: {PROJECT['version']}\nSummary: {PROJECT['description']}\n"
            f"License: {PROJECT['license']['text']}\nRequires-Python: {PROJECT['requires-python']}\nDescription-Content-Type: text/markdown\n\n{readme}")


def sources():
    return sorted(path for path in (HERE / "cartbell").iterdir() if path.suffix in (".py", ".typed"))


def tag():
    if not os.environ.get("CARTBELL_LIBRARY"):
        return "py3-none-any"
    return f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"


def library():
    """The built library under the name that the package looks for beside itself."""
    named = os.environ.get("CARTBELL_LIBRARY")
    if not named:
        return {}
    path = pathlib.Path(named).resolve()
    suffix = {".dylib": "libcartbell.dylib", ".dll": "cartbell.dll"}.get(path.suffix, "libcartbell.so")
    return {f"cartbell/{suffix}": path.read_bytes()}


def pack(folder, files):
    """Writes the files and the record of them as a wheel."""
    info = f"{STEM}.dist-info"
    files = {**files, f"{info}/METADATA": metadata().encode(),
             f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: cartbell\nRoot-Is-Purelib: {str(tag().endswith('any')).lower()}\nTag: {tag()}\n".encode()}
    record = "".join(f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
                     for name, data in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    wheel = f"{STEM}-{tag()}.whl"
    with zipfile.ZipFile(pathlib.Path(folder) / wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return wheel


def build_wheel(folder, config_settings=None, metadata_directory=None):
    return pack(folder, {**{f"cartbell/{path.name}": path.read_bytes() for path in sources()}, **library()})


def build_editable(folder, config_settings=None, metadata_directory=None):
    return pack(folder, {"cartbell.pth": f"{HERE}\n".encode()})


def build_sdist(folder, config_settings=None):
    name = f"{STEM}.tar.gz"
    with tarfile.open(pathlib.Path(folder) / name, "w:gz") as archive:
        for path in (*sources(), HERE / "pyproject.toml", HERE / "README.md", pathlib.Path(__file__)):
            archive.add(path, f"{STEM}/{path.resolve().relative_to(HERE)}")
        data = metadata().encode()
        entry = tarfile.TarInfo(f"{STEM}/PKG-INFO")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return name
