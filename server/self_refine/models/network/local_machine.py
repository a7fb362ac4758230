"""Which machine "localhost" is, where the server does not run on the one that its user sits at."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from self_refine.models.openai.endpoint import Address

Machine = Literal["codespace", "container", "wsl", "ssh", "own"]

_DOCKER, _PODMAN = Path("/.dockerenv"), Path("/run/.containerenv")


def machine(environ: Mapping[str, str] = os.environ) -> Machine:
    """What kind of machine we run on, as far as it can be told; `own`: the user's."""
    if environ.get("CODESPACES") == "true":
        return "codespace"
    if environ.get("REMOTE_CONTAINERS") or _DOCKER.exists() or _PODMAN.exists():
        return "container"
    if environ.get("WSL_DISTRO_NAME"):
        return "wsl"
    return "ssh" if environ.get("SSH_CONNECTION") else "own"


def where_localhost_is(where: Address, kind: Machine | None = None) -> str:
    """Which machine a loopback address means here, and how to reach the user's; "" on that one."""
    host, port = where.host, where.port
    match kind or machine():
        case "container":
            return (
                f"{host} is the container that self-refine runs in. For a server on the "
                f"container's host, set baseUrl to http://host.docker.internal:{port}/v1 and "
                f'allowHttp = ["host.docker.internal:{port}"]; it must listen on more than '
                "127.0.0.1 there."
            )
        case "codespace":
            return (
                f"{host} is the codespace, not your own computer. To lend it a server of yours, "
                f"run there: gh codespace ssh -- -N -R {port}:127.0.0.1:{port}"
            )
        case "wsl":
            return (
                f"{host} is the Linux of WSL. For a server on Windows, set networkingMode=mirrored "
                "in .wslconfig, or baseUrl to the address of Windows (ip route show default), "
                "named in allowHttp too."
            )
        case "ssh":
            return (
                f"{host} is the machine that you are logged in to by SSH, not your own. To lend "
                f"it a server of yours, connect with: ssh -R {port}:127.0.0.1:{port} HOST"
            )
        case "own":
            return ""
