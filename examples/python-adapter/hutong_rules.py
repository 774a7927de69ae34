"""What must have the same bytes on both sides: addresses, conversations, partitions, ids, attachment blocks, credentials.

No input or output. test_rules.py compares it with docs/generated/vectors.json.
"""
import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import unquote_to_bytes

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

BARE = set(b'abcdefghijklmnopqrstuvwxyz0123456789._-')
ADDRESS = re.compile(
    r'im:((?:[a-z0-9._-]|%(?!2D|2E|5F|3[0-9]|6[1-9A-F]|7[0-9A])[0-9A-F]{2})+)@([a-z][a-z0-9-]{0,30})')
EVENT_ID = re.compile(r'[A-Za-z0-9_-]{8,64}')
LANES = 8
BLOCK_BYTES = 256 * 1024
TAG_BYTES = 16


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def from_unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


# ---- Addresses ----

def address_of(network: str, native: str) -> str:
    local = ''.join(chr(byte) if byte in BARE else f'%{byte:02X}' for byte in native.encode())
    return f'im:{local}@{network}'


def split_address(address: str) -> tuple[str, str]:
    """Returns network and native id. Raises ValueError for what is no address."""
    match = ADDRESS.fullmatch(address)
    if not match:
        raise ValueError(f'{address[:200]!r} is not im:<percent-encoded native id>@<network>')
    return match[2], unquote_to_bytes(match[1]).decode()


# ---- Ids, conversations, partitions ----

def digest(*words: str) -> str:
    text = b''.join(b'%d:%b;' % (len(word.encode()), word.encode()) for word in words)
    return unpadded(hashlib.sha256(text).digest())[:27]


def event_id(network: str, kind: str, native: str) -> str:
    """For networks whose own ids are not 8 to 64 of A-Z a-z 0-9 _ -."""
    return digest('event', network, kind, native)


def conversation_of(one: str, other: str) -> str:
    return f'direct:{digest("direct", *sorted((one, other)))}'


def lane_of(conversation: str) -> int:
    """FNV-1a, 32 bit."""
    value = 0x811C9DC5
    for byte in conversation.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value % LANES


def sealed_id(secret: bytes, text: str) -> str:
    """Value of Nats-Msg-Id: always the same for the same text, and nobody without the secret can guess it."""
    return unpadded(hmac.digest(secret, text.encode(), 'sha256'))


# ---- Events ----

def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec='milliseconds').replace('+00:00', 'Z')


def event_of(network: str, kind: str, identity: str, sender: dict, to: str, data: dict) -> dict:
    """An event of the person `sender` of our network to the address `to`. identity: the same each time; see event_id."""
    return {
        'specversion': '1.0',
        'id': identity,
        'source': f'/network/{network}',
        'type': f'im.hutong.{kind}.v1',
        'time': now(),
        'subject': conversation_of(sender['address'], to),
        'datacontenttype': 'application/json',
        'path': network,
        'data': {'from': sender, 'to': to, **data},
    }


def text_part(text: str) -> dict:
    return {'kind': 'single', 'disposition': 'render', 'contentType': 'text/plain;charset=utf-8', 'content': text}


def body_of(parts: list[dict]) -> dict:
    if not parts:
        raise ValueError('nothing to send')
    return parts[0] if len(parts) == 1 else {
        'kind': 'multi', 'disposition': 'render', 'semantics': 'processAll', 'parts': parts}


def parts_of(body: dict) -> list[dict]:
    return body['parts'] if body['kind'] == 'multi' else [body]


def parsed_event(data: bytes) -> dict:
    """Checks what the client relies on; the full schema is docs/generated/event.schema.json. Raises ValueError."""
    try:
        event = json.loads(data)
        match = re.fullmatch(r'im\.hutong\.([a-z]+)\.v1', event['type'])
        if not match or not EVENT_ID.fullmatch(event['id']) or not isinstance(event['subject'], str):
            raise ValueError('type, id or subject is not that of an event')
        split_address(event['data']['from']['address'])
        split_address(event['data']['to'])
        return {**event, 'kind': match[1]}
    except (KeyError, TypeError) as error:
        raise ValueError(f'not an event: {error!r}') from error


# ---- Attachments ----

def sealed_blocks(content: bytes, key: bytes) -> list[bytes]:
    starts = range(0, len(content), BLOCK_BYTES)
    return [AESGCM(key).encrypt(nonce_of(n), content[at:at + BLOCK_BYTES], None) for n, at in enumerate(starts)]


def opened_block(sealed: bytes, key: bytes, number: int) -> bytes:
    """Raises cryptography.exceptions.InvalidTag for a damaged block."""
    return AESGCM(key).decrypt(nonce_of(number), sealed, None)


def nonce_of(number: int) -> bytes:
    return number.to_bytes(12, 'big')


# ---- Credentials ----

@dataclass(frozen=True)
class Credentials:
    """A NATS credentials file: a JWT, signed by the hub, and the private key (nkey seed) that proves it is ours."""
    jwt: str
    key: Ed25519PrivateKey

    @staticmethod
    def read(path: str) -> 'Credentials':
        with open(path, encoding='utf-8') as file:
            text = file.read()
        jwt = re.search(r'BEGIN NATS USER JWT-----\s*(\S+)', text)
        seed = re.search(r'BEGIN USER NKEY SEED-----\s*(\S+)', text)
        if not jwt or not seed:
            raise ValueError(f'{path} is no NATS credentials file: issue one at the console')
        raw = base64.b32decode(seed[1] + '=' * (-len(seed[1]) % 8))
        return Credentials(jwt[1], Ed25519PrivateKey.from_private_bytes(raw[2:34]))

    def replace(self, path: str) -> None:
        """Atomically; only the owner can read the file."""
        text = (f'-----BEGIN NATS USER JWT-----\n{self.jwt}\n------END NATS USER JWT------\n\n'
                f'-----BEGIN USER NKEY SEED-----\n{self.seed}\n------END USER NKEY SEED------\n')
        part = f'{path}.part'
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w', encoding='utf-8') as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)

    @property
    def public(self) -> str:
        raw = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return nkey(bytes([20 << 3]) + raw)

    @property
    def seed(self) -> str:
        raw = self.key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        return nkey(bytes([18 << 3 | 20 >> 2, (20 & 3) << 6]) + raw)

    def end_within(self, seconds: float) -> bool:
        """Short-lived ones count as ending in the last third of their life."""
        claims = json.loads(from_unpadded(self.jwt.split('.')[1]))
        if 'exp' not in claims:
            return False
        return claims['exp'] - time.time() < min(seconds, (claims['exp'] - claims['iat']) / 3)

    def sign(self, nonce: str) -> str:
        return unpadded(self.key.sign(nonce.encode()))


def nkey(data: bytes) -> str:
    """Base32 of prefix and key, with a CRC-16 (XMODEM, little-endian) behind them."""
    return base64.b32encode(data + binascii.crc_hqx(data, 0).to_bytes(2, 'little')).rstrip(b'=').decode()
