"""nats_connection.py without a server."""
import asyncio
import unittest
from unittest.mock import AsyncMock, MagicMock

from nats_connection import Connection, Message


class Requests(unittest.IsolatedAsyncioTestCase):
    async def test_a_request_that_is_cancelled_when_its_answer_comes_ends(self):
        connection = Connection(MagicMock(), MagicMock(drain=AsyncMock()))
        asking = asyncio.create_task(connection.request('hub.control.signon.pigeon'))
        while not connection.replies:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        [(reply, future)] = connection.replies.items()
        future.set_result(MagicMock(spec=Message, subject=reply, status=''))
        asking.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await asking


if __name__ == '__main__':
    unittest.main()
