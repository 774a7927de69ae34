"""A person of Pigeon at a terminal: `python3 person.py ann`, then lines such as `im:sue@far hello`."""
import asyncio
import json
import secrets
import sys


async def main(person: str, port: int = 7010) -> None:
    reader, writer = await asyncio.open_connection('127.0.0.1', port, limit=2 * 1024 * 1024)
    writer.write(json.dumps({'hello': person}).encode() + b'\n')
    showing = asyncio.create_task(show(reader))
    while line := await asyncio.to_thread(sys.stdin.readline):
        to, _, text = line.strip().partition(' ')
        writer.write(json.dumps({'id': secrets.token_hex(4), 'to': to, 'text': text}).encode() + b'\n')
        await writer.drain()
    await showing


async def show(reader: asyncio.StreamReader) -> None:
    while line := await reader.readline():
        print(line.decode().strip(), flush=True)


if __name__ == '__main__':
    if len(sys.argv) < 2 or sys.argv[1] == '--help':
        sys.exit(__doc__)
    asyncio.run(main(sys.argv[1], *map(int, sys.argv[2:])))
