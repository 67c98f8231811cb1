#!/usr/bin/env python3
"""Forwards a port of 127.0.0.1 to a socket, as `ssh -L PORT:SOCKET host` does.

Usage: forward.py PORT SOCKET. Runs until it is stopped.
"""
import asyncio
import contextlib
import sys


async def carry(reader, writer):
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(ConnectionError, OSError):
        writer.write_eof()


async def main(port, socket):
    async def serve(reader, writer):
        try:
            there, back = await asyncio.open_unix_connection(socket)
        except OSError:
            writer.close()
            return
        # Whoever asks keeps the connection open for the answer; when that ends, both do.
        asks = asyncio.create_task(carry(reader, back))
        await carry(there, writer)
        asks.cancel()
        for one in (writer, back):
            one.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
