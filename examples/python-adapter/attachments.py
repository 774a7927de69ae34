"""Files in the media store of the hub: blocks, each encrypted with the key of the file and its own number."""
import hashlib
import hmac
import json

from cryptography.exceptions import InvalidTag

import hutong_rules as rules
from hutong_bus import Bus
from nats_connection import Refused


async def store(bus: Bus, content: bytes, content_type: str, name: str) -> dict:
    """Returns the part of a message that refers to the file. The same content has the same object and key."""
    key = hmac.digest(bus.secret, b'key' + content, 'sha256')
    item = rules.unpadded(hmac.digest(bus.secret, b'name' + content, 'sha256'))
    blocks = rules.sealed_blocks(content, key)
    for number, block in enumerate(blocks):
        await bus.store(f'hub.media.{bus.network}.{item}.{number}', block)
    info = {'size': len(content), 'blocks': len(blocks)}
    # The last one: it marks the file as complete.
    await bus.store(f'hub.media.{bus.network}.{item}.info', json.dumps(info).encode())
    return {'kind': 'external', 'disposition': 'attachment', 'contentType': content_type, 'filename': name,
            'url': f'hub-media:{bus.network}/{item}', 'size': len(content),
            'hash': {'alg': 'sha-256', 'value': hashlib.sha256(content).hexdigest()},
            'seal': {'alg': 'aes-256-gcm-blocks', 'key': rules.unpadded(key)}}


async def fetch(bus: Bus, part: dict) -> bytes:
    """Raises Refused 107 (not there any more) or 108 (damaged), and ConnectionError: try again later."""
    if 'url' not in part:
        raise Refused(part.get('failure', '107'), 'the sender could not pass it on')
    info = json.loads(await block_of(bus, part, 'info'))
    key = rules.from_unpadded(part['seal']['key'])
    try:
        blocks = [rules.opened_block(await block_of(bus, part, n), key, n) for n in range(info['blocks'])]
    except InvalidTag as error:
        raise Refused('108', 'a block is damaged') from error
    content = b''.join(blocks)
    if hashlib.sha256(content).hexdigest() != part['hash']['value']:
        raise Refused('108', 'the content has another hash')
    return content


async def block_of(bus: Bus, part: dict, number: int | str) -> bytes:
    request = {'url': part['url'], 'grant': part.get('grant'), 'part': number}
    body = json.dumps({key: value for key, value in request.items() if value is not None}).encode()
    answer = await bus.request(f'hub.control.media.{bus.network}', body)
    code = answer.headers.get('Hutong-Code', '96')
    if code in ('36', '107'):
        raise Refused('107', f'the media service answers {code}')
    if code != '00':
        raise ConnectionError(f'the media service answers {code}')
    return answer.data
