"""Run by `test_size.py`: asks the server at argv[1] once, and prints by how much memory grew.

A process of its own, so that neither the tests' memory nor the server's is counted.
"""

import asyncio
import sys
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from self_refine.models import client_loading
from self_refine.models.openai.openai_model import OpenAIModel
from support.asking import CALL, QUICK, endpoint


async def main():
    """One call, watched."""
    target = endpoint(sys.argv[1], timing=QUICK)
    await asyncio.to_thread(client_loading.imported, target)
    model = OpenAIModel(target, "scripted-1")
    process = psutil.Process()
    before = peak = process.memory_info().rss
    call = asyncio.create_task(model.complete(CALL, lambda *_: None))
    while not call.done():
        peak = max(peak, process.memory_info().rss)
        await asyncio.wait([call], timeout=0.01)
    peak = max(peak, process.memory_info().rss)
    await model.close()
    answer = await call
    print(type(answer).__name__, (peak - before) // 1_000_000)  # noqa: T201
    print(answer)  # noqa: T201


asyncio.run(main())
