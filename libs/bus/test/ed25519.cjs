/**
 * tweetnacl with the Ed25519 of Node, for tests. The arithmetic of tweetnacl takes 4 ms per key, several times as long in a
 * new process, and a hub of a test makes and reads a hundred keys. test/support/shared-packages.cjs puts this in place of
 * tweetnacl, which the libraries of NATS use; ed25519.spec.ts compares the two.
 */
const { createPrivateKey, createPublicKey, randomBytes, sign, verify } = require('node:crypto');
const tweetnacl = require('../../../node_modules/tweetnacl/nacl-fast.js');

/** What stands before the 32 bytes of a key in PKCS #8 and in SPKI (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

const privateKeyOf = (seed) =>
  createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
const publicKeyOf = (key) =>
  createPublicKey({ key: Buffer.concat([SPKI, key]), format: 'der', type: 'spki' });

function fromSeed(seed) {
  const key = createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' });
  const publicKey = new Uint8Array(key.subarray(SPKI.length));
  return { publicKey, secretKey: new Uint8Array([...seed, ...publicKey]) };
}

module.exports = {
  ...tweetnacl,
  sign: Object.assign((...all) => tweetnacl.sign(...all), tweetnacl.sign, {
    keyPair: Object.assign(() => fromSeed(randomBytes(32)), tweetnacl.sign.keyPair, { fromSeed }),
    detached: Object.assign(
      (message, secretKey) =>
        new Uint8Array(sign(undefined, message, privateKeyOf(secretKey.subarray(0, 32)))),
      {
        verify: (message, signature, publicKey) =>
          verify(undefined, message, publicKeyOf(publicKey), signature),
      },
    ),
  }),
};
