import { createRequire } from 'node:module';
import fc from 'fast-check';
import { nodeEd25519, type Ed25519 } from './ed25519.js';

const load = createRequire(import.meta.url);
/** A copy of its own, whose functions are not replaced. */
const tweetnacl = load('../../../node_modules/tweetnacl/nacl-fast.js') as Ed25519;

test('keys and signatures are those of tweetnacl, and each takes those of the other', () => {
  const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(seeds, fc.uint8Array(), (seed, message) => {
      const keys = tweetnacl.sign.keyPair.fromSeed(seed);
      expect(nodeEd25519.sign.keyPair.fromSeed(seed)).toEqual(keys);
      const signature = tweetnacl.sign.detached(message, keys.secretKey);
      expect(nodeEd25519.sign.detached(message, keys.secretKey)).toEqual(signature);
      expect(nodeEd25519.sign.detached.verify(message, signature, keys.publicKey)).toBe(true);
      signature[0] = (signature[0] ?? 0) ^ 1;
      expect(nodeEd25519.sign.detached.verify(message, signature, keys.publicKey)).toBe(false);
      expect(tweetnacl.sign.detached.verify(message, signature, keys.publicKey)).toBe(false);
    }),
    { numRuns: 10 },
  );
});

test('the libraries of NATS calculate with it', () => {
  const { default: used } = load('@nats-io/nkeys/lib/nacl.js') as { default: Ed25519 };
  expect(used.sign.keyPair.fromSeed).toBe(nodeEd25519.sign.keyPair.fromSeed);
  expect(used.sign.detached).toBe(nodeEd25519.sign.detached);
});
