import { isSealed, SecretBox } from './secret-box.js';

const [OLD, NEW] = ['11'.repeat(32), '22'.repeat(32)];
const PLACE = 'second_factor/anna';
const SECRET = 'JBSWY3DPEHPK3PXP';

describe('secrets at rest', () => {
  const box = new SecretBox([OLD]);
  const sealed = box.seal(SECRET, PLACE);

  test('what was encrypted is read again, and does not contain the secret', () => {
    expect(box.open(sealed, PLACE)).toBe(SECRET);
    expect([isSealed(sealed), isSealed(SECRET)]).toEqual([true, false]);
    expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain(SECRET);
  });

  test('the same secret is encrypted differently each time', () => {
    expect(box.seal(SECRET, PLACE)).not.toBe(sealed);
  });

  test('copied into the row of somebody else, or changed, it is refused', () => {
    expect(() => box.open(sealed, 'second_factor/eve')).toThrow(/authenticate/);
    const [version, id, content = ''] = sealed.split('.');
    const other = Buffer.from(content, 'base64url');
    other[15] = (other[15] ?? 0) ^ 1;
    expect(() => box.open([version, id, other.toString('base64url')].join('.'), PLACE)).toThrow(
      /authenticate/,
    );
  });

  test('after a rotation the old key still reads, and the new one encrypts', () => {
    const rotated = new SecretBox([NEW, OLD]);
    expect(rotated.open(sealed, PLACE)).toBe(SECRET);
    expect(rotated.isCurrent(sealed)).toBe(false);
    const again = rotated.seal(SECRET, PLACE);
    expect(rotated.isCurrent(again)).toBe(true);
    expect(() => box.open(again, PLACE)).toThrow(/ENCRYPTION_KEY has no key/);
  });

  test('without a key nothing is stored', () => {
    expect(() => new SecretBox([]).seal(SECRET, PLACE)).toThrow(/ENCRYPTION_KEY/);
  });
});
