# SPDX-License-Identifier: Apache-2.0
"""The files that belong to the project, and the table of layers."""

import ast
import pathlib
import re
import shutil
import subprocess

_CODE = {".c", ".h"}
_NOT_OURS = re.compile(r"(?:build[^/]*|\.git|\.cache|(?:.*/)?(?:node_modules|__pycache__))/")


class Tree:
    """Tracked files below a root, as POSIX paths relative to it, with cached text."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.paths = sorted(self._list())
        self._texts = {}

    def _list(self):
        command = ["git", "-C", str(self.root), "ls-files", "-z", "--cached", "--others"]
        command.append("--exclude-standard")
        done = subprocess.run(command, capture_output=True) if self._has_git() else None
        if done is not None and done.returncode == 0:
            found = {name.decode() for name in done.stdout.split(b"\0") if name}
        else:
            # An archive without history, or a folder that git refuses to read for this user.
            found = {p.relative_to(self.root).as_posix() for p in self.root.rglob("*")}
            found = {name for name in found if not _NOT_OURS.match(name)}
        return [name for name in found if (self.root / name).is_file()]

    def _has_git(self):
        return (self.root / ".git").exists() and shutil.which("git") is not None

    def size(self, path):
        """Bytes of a file."""
        return (self.root / path).stat().st_size

    def text(self, path):
        """Text of a file, or None when it is not UTF-8."""
        if path not in self._texts:
            try:
                self._texts[path] = (self.root / path).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                self._texts[path] = None
        return self._texts[path]

    def code(self):
        """Paths of all C sources and headers."""
        return [path for path in self.paths if pathlib.PurePosixPath(path).suffix in _CODE]

    def sources(self):
        """(path, layer) of all C files of the layers under src/."""
        found = []
        for path in self.code():
            parts = path.split("/")
            if parts[0] == "src" and len(parts) >= 3:
                found.append((path, parts[1]))
        return found

    def layers(self):
        """The table of src/meson.build: {layer: [layers it may include]}, in order."""
        return {row[0]: row[1] for row in self._build_table("layers")}

    def pure_layers(self):
        """Layers that make no system call, read no clock, allocate and print nothing."""
        return set(self._build_table("pure_layers"))

    def _build_table(self, name):
        path = "src/meson.build"
        text = self.text(path) if path in self.paths else ""
        match = re.search(rf"^{name} = (\[.*?^\])", text, re.MULTILINE | re.DOTALL)
        if match is None:
            raise SystemExit(f"tidy: {path} has no table `{name} = [...]`")
        return ast.literal_eval(match.group(1))
