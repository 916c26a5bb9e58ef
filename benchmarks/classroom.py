"""How long phones wait for an answer in a class: ``python -m benchmarks.classroom`` plays sixty, by real WebSockets.

Each joins a table, and chooses once a second for half a minute; the answer is the count of its table that comes back.
Beside it the teacher asks a turn every five seconds, and how long that takes to a phone is measured too.
"""

import asyncio
import json
import re
import subprocess
import sys
import time

import numpy as np
from websockets.asyncio.client import ClientConnection, connect

from sim.model.capitals import CAPITALS

PHONES, ROUNDS = 60, 30


async def sit(address: str, room: str, place: int, answers: list[float], asked: list[float]) -> None:
    """Play one phone."""
    async with connect(f"{address}/class/table?room={room}") as phone:
        await phone.send(json.dumps({"type": "join", "table": CAPITALS[place % len(CAPITALS)]}))
        sent: dict[int, float] = {}

        async def hear(link: ClientConnection) -> None:
            async for text in link:
                message = json.loads(text)
                if message["type"] == "table" and (option := message["choices"].get("0")) in sent:
                    answers.append(time.monotonic() - sent.pop(option))
                elif message["type"] == "ask" and message["table"]:
                    asked.append(time.monotonic() - message["turn"])

        hearing = asyncio.create_task(hear(phone))
        for turn in range(ROUNDS):
            await asyncio.sleep(1.0 + 0.01 * (place % 7))
            sent[turn % 10] = time.monotonic()
            await phone.send(json.dumps({"type": "choose", "matter": 0, "option": turn % 10}))
        await asyncio.sleep(1.0)
        hearing.cancel()


async def teach(port: int, key: str) -> None:
    """Ask a turn every five seconds; its number is when it was asked."""
    async with connect(f"ws://127.0.0.1:{port}/class/teacher?key={key}") as teacher:
        while True:
            await asyncio.sleep(5.0)
            cards = [{"title": "A matter", "options": [{"label": "An option", "promise": "Hope"}] * 4}] * 3
            message = {"type": "ask", "turn": time.monotonic(), "tables": dict.fromkeys(CAPITALS, cards)}
            await teacher.send(json.dumps(message))


async def play(port: int, key: str, address: str, room: str) -> tuple[list[float], list[float]]:
    """Play the class and return the seconds that answers and turns took."""
    answers: list[float] = []
    asked: list[float] = []
    teacher = asyncio.create_task(teach(port, key))
    await asyncio.gather(*(sit(address, room, place, answers, asked) for place in range(PHONES)))
    teacher.cancel()
    return answers, asked


def main() -> None:
    """Serve a class, play it, and print what was waited."""
    command = [sys.executable, "-u", "-m", "sim", "app", "--class", "--no-browser"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as program:
        assert program.stderr is not None
        first, second = program.stderr.readline(), program.stderr.readline()
        key, port = re.findall(r":(\d+)/#/class\?key=(\S+)", first)[0][::-1]
        address, room = re.findall(r"http(://\S+)/phone.html and type (\w+)", second)[0]
        time.sleep(3.0)
        answers, asked = asyncio.run(play(int(port), key, f"ws{address}", room))
        program.terminate()
    for name, seconds in (("a choice, to its table's count", answers), ("a turn, to a phone", asked)):
        middle, late = 1000 * np.quantile(seconds, [0.5, 0.95])
        print(f"{name}: {len(seconds)} answers, median {middle:.0f} ms, 95% within {late:.0f} ms")


if __name__ == "__main__":
    main()
