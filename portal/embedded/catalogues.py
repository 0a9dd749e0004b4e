"""Message catalogues without gettext installed: Babel compiles each .po that is newer than its .mo."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from portal.embedded.processes import Failed


def compile_stale(folder: Path) -> list[Path]:
    """Compiles `folder`/<language>/LC_MESSAGES/*.po where the .mo is older or absent; returns the files written.

    Entries marked fuzzy are left out, as msgfmt leaves them out. `Failed` names a catalogue that cannot be read.
    """
    return [_compile(source) for source in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _is_stale(source)]


def _is_stale(source: Path) -> bool:
    try:
        return source.with_suffix(".mo").stat().st_mtime_ns <= source.stat().st_mtime_ns
    except FileNotFoundError:
        return True


def _compile(source: Path) -> Path:
    # Babel takes a tenth of a second to import and is wanted here only.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    target = source.with_suffix(".mo")
    try:
        with source.open("rb") as lines:
            catalogue = read_po(lines, locale=source.parts[-3], abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise Failed(f"{source}: {error}") from error
    # Two runs may compile at once, and a reader must never meet half a file.
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".compiling-", suffix=".mo")
    with os.fdopen(handle, "wb") as sink:
        write_mo(sink, catalogue)
    Path(name).chmod(0o644)
    return Path(name).replace(target)
