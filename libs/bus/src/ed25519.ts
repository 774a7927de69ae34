/**
 * Gives the libraries of NATS the Ed25519 of Node. They calculate it with tweetnacl, in JavaScript: 4 ms for each key, several
 * times as long in a new process. That was a sixth of the CPU time of a start of the console, which signs an account for each
 * network. Every connection signs with it too.
 *
 * COMPAT(@nats-io/nkeys 2.0): it has no setting for this. It looks the functions up in the exports of tweetnacl at each call.
 */
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { createRequire } from 'node:module';

export interface Ed25519 {
  sign: {
    keyPair: { fromSeed: (seed: Uint8Array) => { publicKey: Uint8Array; secretKey: Uint8Array } };
    detached: ((message: Uint8Array, secretKey: Uint8Array) => Uint8Array) & {
      verify: (message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) => boolean;
    };
  };
}

/** What stands before the 32 bytes of a key in PKCS #8 and in SPKI (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
}

function publicKeyOf(key: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI, key]), format: 'der', type: 'spki' });
}

/** With the signatures of tweetnacl, whose secret key is the seed followed by the public key. */
export const nodeEd25519: Ed25519 = {
  sign: {
    keyPair: {
      fromSeed: (seed) => {
        const key = createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' });
        const publicKey = new Uint8Array(key.subarray(SPKI.length));
        return { publicKey, secretKey: new Uint8Array([...seed, ...publicKey]) };
      },
    },
    detached: Object.assign(
      (message: Uint8Array, secretKey: Uint8Array) =>
        new Uint8Array(sign(undefined, message, privateKeyOf(secretKey.subarray(0, 32)))),
      {
        verify: (message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) =>
          verify(undefined, message, publicKeyOf(publicKey), signature),
      },
    ),
  },
};

const load = createRequire(import.meta.url);
const { default: tweetnacl } = load('@nats-io/nkeys/lib/nacl.js') as { default: Ed25519 };
tweetnacl.sign.keyPair.fromSeed = nodeEd25519.sign.keyPair.fromSeed;
tweetnacl.sign.detached = nodeEd25519.sign.detached;
