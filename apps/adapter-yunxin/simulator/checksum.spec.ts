import { bodyMd5, copyCheckSum, requestCheckSum } from './checksum.js';
import { Gate } from './gate.js';

describe('check sums of Yunxin', () => {
  it('of a request', () => {
    expect(requestCheckSum('app-secret-0', '12345', '1700000000')).toBe(
      'ac34b4d3d2d6f7c622be988aed0172ff171f7519',
    );
  });

  it('of a copy', () => {
    const md5 = bodyMd5('{"eventType":"1","convType":"PERSON"}');
    expect(md5).toBe('cc863bc185f41f73c360580ae37d5397');
    expect(copyCheckSum('app-secret-0', md5, '1700000000000')).toBe(
      '17ee6e7b32d5223972392ab0fff51038db9acbaf',
    );
  });

  it('of the probe', () => {
    expect(bodyMd5('{}')).toBe('99914b932bd37a50b983c5e7c90ae93b');
  });
});

describe('the gate', () => {
  const gate = new Gate('key', 'secret');
  const call = (changes: Record<string, string> = {}, secondsAgo = 0) => {
    const CurTime = String(Math.floor(Date.now() / 1000) - secondsAgo);
    const Nonce = changes['Nonce'] ?? 'n';
    const CheckSum = requestCheckSum('secret', Nonce, CurTime);
    const headers: Record<string, string> = { AppKey: 'key', Nonce, CurTime, CheckSum, ...changes };
    return { header: (name: string) => headers[name] ?? '' };
  };
  const codeOf = (...args: Parameters<typeof call>): number => {
    try {
      gate.check(call(...args));
      return 200;
    } catch (error) {
      return (error as { code: number }).code;
    }
  };

  it('lets a good call in once', () => {
    const same = call({ Nonce: 'once' });
    expect(() => gate.check(same)).not.toThrow();
    expect(() => gate.check(same)).toThrow('http repeat');
  });

  it.each([
    ['another key', { AppKey: 'other' }, 0],
    ['a wrong sum', { CheckSum: '0' }, 0],
    ['no nonce', { Nonce: '' }, 0],
    ['a time that is gone', { Nonce: 'late' }, 301],
  ] as const)('keeps out %s', (_, changes, secondsAgo) => {
    expect(codeOf(changes, secondsAgo)).toBe(414);
  });
});
