/**
 * A signed statement that an entry of the audit log had this hash at this time. Kept on another host, it shows that the whole log was
 * rewritten or its end was removed, which the hash chain alone cannot show.
 */
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';

export const Checkpoint = z
  .object({
    seq: z.int().positive().describe('Number of the entry'),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    at: z.iso.datetime(),
    key: z.string().max(100).describe('Public key: Ed25519, 32 bytes in base64url'),
    signature: z
      .string()
      .max(100)
      .describe('Ed25519 signature of the lines `hutong audit checkpoint`, seq, hash and at'),
  })
  .meta({ id: 'AuditCheckpoint' });
export type Checkpoint = z.infer<typeof Checkpoint>;

/** DER prefix of the 32 bytes of an Ed25519 public key (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export function signedCheckpoint(
  privateKey: KeyObject,
  entry: { seq: number; hash: string },
  at: Date,
): Checkpoint {
  const stated = { seq: entry.seq, hash: entry.hash, at: at.toISOString() };
  const signature = sign(null, textOf(stated), privateKey).toString('base64url');
  return { ...stated, key: publicKeyOf(privateKey), signature };
}

/** @param publicKey as returned by `publicKeyOf`. The key that the checkpoint itself names is not trusted */
export function isSignedBy(publicKey: string, { signature, ...stated }: Checkpoint): boolean {
  const der = Buffer.concat([SPKI_PREFIX, Buffer.from(publicKey, 'base64url')]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify(null, textOf(stated), key, Buffer.from(signature, 'base64url'));
}

export function publicKeyOf(privateKey: KeyObject): string {
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return der.subarray(SPKI_PREFIX.length).toString('base64url');
}

export function privateKeyFrom(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('expected an Ed25519 key');
  return key;
}

/** Checks stored checkpoints against the log as its entries are read, oldest first. */
export class CheckpointsHeld {
  private readonly open: Checkpoint[];

  /** @throws Error if a checkpoint was not signed with this key */
  constructor(checkpoints: Checkpoint[], publicKey: string) {
    this.open = [...checkpoints].sort((one, other) => one.seq - other.seq);
    const forged = this.open.find((checkpoint) => !isSignedBy(publicKey, checkpoint));
    if (forged) throw new Error(`the checkpoint of entry ${forged.seq} was not signed with this key`);
  }

  /** Checks one entry. @returns the error, or undefined */
  reads(entry: { seq: number; hash: string }): string | undefined {
    for (let next = this.open[0]; next && next.seq <= entry.seq; next = this.open[0]) {
      if (next.seq !== entry.seq || next.hash !== entry.hash)
        return `entry ${next.seq} is not what it was on ${next.at}: the log was rewritten`;
      this.open.shift();
    }
    return undefined;
  }

  /** Call it after the last entry. @returns the error, or undefined */
  ends(): string | undefined {
    const [missing] = this.open;
    return missing && `entry ${missing.seq} of ${missing.at} is missing: the log was cut short`;
  }
}

function textOf({ seq, hash, at }: Pick<Checkpoint, 'seq' | 'hash' | 'at'>): Buffer {
  return Buffer.from(`hutong audit checkpoint\n${seq}\n${hash}\n${at}\n`);
}
