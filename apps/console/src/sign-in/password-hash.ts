/** Hashes of passwords: scrypt with a salt. The hash names its parameters, so that they can be raised later. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import pLimit from 'p-limit';
import { ApiProblem } from '#http';

interface Cost {
  /** Binary logarithm of N. */
  logN: number;
  r: number;
  p: number;
}

/** OWASP's recommendation with the least memory: 32 MB, three passes. */
const COST: Cost = { logN: 15, r: 8, p: 3 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** A hash takes a thread of the process, and a good part of a second of a core. */
const AT_ONCE = 2;
const MOST_WAITING = 50;
const FORM = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/;

const turns = pLimit(AT_ONCE);

export async function hashOfPassword(password: string, cost = COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derived(password, salt, cost);
  return ['scrypt', cost.logN, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join(
    '$',
  );
}

/** @param hash undefined: nobody has this name, or no password; the work is the same */
export async function isPassword(given: string, hash: string | undefined): Promise<boolean> {
  const [, logN = '', r = '', p = '', salt = '', key = ''] = FORM.exec(hash ?? '') ?? [];
  if (key === '') {
    await derived(given, Buffer.alloc(SALT_BYTES), COST);
    return false;
  }
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  const made = await derived(given, Buffer.from(salt, 'base64url'), cost);
  return timingSafeEqual(made, Buffer.from(key, 'base64url'));
}

/** The same password typed on another keyboard has the same characters in another composition. */
function derived(password: string, salt: Buffer, { logN, r, p }: Cost): Promise<Buffer> {
  if (turns.pendingCount >= MOST_WAITING)
    throw new ApiProblem('too-many-requests', 'too many people are signing in', {
      headers: { 'retry-after': '5' },
    });
  const N = 2 ** logN;
  const options = { N, r, p, maxmem: 256 * N * r };
  return turns(
    () =>
      new Promise<Buffer>((resolve, reject) =>
        scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
          error ? reject(error) : resolve(key),
        ),
      ),
  );
}
