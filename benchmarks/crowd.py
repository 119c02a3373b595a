"""Many readers at once, without browsers: each thinks for two seconds, changes the companies, waits, and thinks again.

All of it stays on 127.0.0.1 and is bounded: by the number of readers, by the turns of each, and by the time of the whole.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from typing import NamedTuple, TypeVar

from benchmarks.protocol import Answer, Reader, RunFailed
from benchmarks.servers import Server

Outcome = TypeVar("Outcome")
THINK = 2.0
MOST_READERS = 50
COMPANIES = (
    "OpenAI", "Meta", "Google", "DeepSeek", "Anthropic", "Microsoft", "NVIDIA", "Alibaba", "xAI", "Mistral AI", "Amazon", "Apple", "AMD", "Oracle",
)  # fmt: skip


class Crowd(NamedTuple):
    """What some readers at once met: seconds of each interaction, processor seconds of each, how many were given up."""

    readers: int
    seconds: Sequence[float]
    cpu: float
    failed: int


class Session(NamedTuple):
    """What sessions cost: seconds of the first two after start-up, and MB for each beyond the first."""

    first: float
    second: float
    megabytes: float


def alone(server: Server, turns: int, seed: int = 0) -> Crowd:
    """Let one reader change the companies again and again, without a pause; another seed chooses others."""
    return _run(_crowd(server, [seed], turns, 0.0, 600.0))


def together(server: Server, readers: int, turns: int, limit: float) -> Crowd:
    """Let some readers at once think and change the companies, for at most `limit` seconds."""
    return _run(_crowd(server, range(min(readers, MOST_READERS)), turns, THINK, limit))


def sessions(server: Server, more: int) -> Session:
    """Open sessions one after another on a fresh server, and keep them open."""
    return _run(_sessions(server, more))


def _run(work: Coroutine[object, object, Outcome]) -> Outcome:
    """Run it in a thread of its own: where a browser is driven, this one has an event loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _sessions(server: Server, more: int) -> Session:
    async with AsyncExitStack() as held:
        seconds, memory = [], 0.0
        for number in range(more + 2):
            reader = await held.enter_async_context(Reader(server.address))
            seconds.append((await reader.open()).seconds)
            await _change(reader, random.Random(0))
            if number == 1:
                memory = server.memory()
        return Session(seconds[0], seconds[1], (server.memory() - memory) / more)


async def _crowd(server: Server, seeds: Sequence[int], turns: int, think: float, limit: float) -> Crowd:
    """Open all sessions first, then let them all go at once until each has had its turns or the time is up."""
    async with AsyncExitStack() as held:
        every = [await held.enter_async_context(Reader(server.address)) for _ in seeds]
        for reader in every:
            await reader.open()
        spent, until = server.cpu(), asyncio.get_running_loop().time() + limit
        met = await asyncio.gather(*(_turns(reader, random.Random(seed), turns, think, until) for seed, reader in zip(seeds, every, strict=True)))
        seconds = [answer.seconds for answers, _ in met for answer in answers]
        return Crowd(len(seeds), seconds, (server.cpu() - spent) / max(len(seconds), 1), sum(failed for _, failed in met))


async def _turns(reader: Reader, draw: random.Random, turns: int, think: float, until: float) -> tuple[list[Answer], bool]:
    """Think and change the companies, again and again; return the answers, and whether one failed to come."""
    answers: list[Answer] = []
    await asyncio.sleep(draw.uniform(0, think))
    for _ in range(turns):
        if asyncio.get_running_loop().time() > until:
            break
        try:
            answers.append(await _change(reader, draw))
        except RunFailed:
            return answers, True
        await asyncio.sleep(think)
    return answers, False


async def _change(reader: Reader, draw: random.Random) -> Answer:
    """Choose one to three other companies."""
    return await reader.choose("company", draw.sample(COMPANIES, draw.randint(1, 3)))
