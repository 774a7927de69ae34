import { createRequire } from 'node:module';
import fc from 'fast-check';

interface Ed25519 {
  sign: {
    keyPair: { fromSeed: (seed: Uint8Array) => { publicKey: Uint8Array; secretKey: Uint8Array } };
    detached: ((message: Uint8Array, secretKey: Uint8Array) => Uint8Array) & {
      verify: (message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) => boolean;
    };
  };
}
const load = createRequire(import.meta.url);
const inTests = load('./ed25519.cjs') as Ed25519;
const real = load('../../../node_modules/tweetnacl/nacl-fast.js') as Ed25519;

test('keys and signatures are those of tweetnacl, and each takes those of the other', () => {
  const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(seeds, fc.uint8Array(), (seed, message) => {
      const keys = real.sign.keyPair.fromSeed(seed);
      expect(inTests.sign.keyPair.fromSeed(seed)).toEqual(keys);
      const signature = real.sign.detached(message, keys.secretKey);
      expect(inTests.sign.detached(message, keys.secretKey)).toEqual(signature);
      expect(inTests.sign.detached.verify(message, signature, keys.publicKey)).toBe(true);
      signature[0] = (signature[0] ?? 0) ^ 1;
      expect(inTests.sign.detached.verify(message, signature, keys.publicKey)).toBe(false);
      expect(real.sign.detached.verify(message, signature, keys.publicKey)).toBe(false);
    }),
    { numRuns: 10 },
  );
});
