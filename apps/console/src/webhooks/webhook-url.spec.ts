import { targetOf } from './webhook-url.js';

const PRIVATE = ['alerts.internal:8080'];
const allowed = (address: string) => !('fault' in targetOf(address, PRIVATE));

describe('addresses of webhooks', () => {
  test.each(['https://noc.example.cn/hook', 'https://noc.example.cn:8443/hook?token=a', 'https://8.8.8.8/x'])(
    '%s is allowed',
    (address) => expect(allowed(address)).toBe(true),
  );

  test.each([
    'http://noc.example.cn/hook',
    'ftp://noc.example.cn/',
    'file:///etc/passwd',
    'https://user:password@noc.example.cn/',
    'https://noc.example.cn/#part',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://[fd00::1]/',
    'https://0.0.0.0/',
    'not an address',
  ])('%s is refused', (address) => expect(allowed(address)).toBe(false));

  test('a private host of the settings is allowed without TLS, and only with its port', () => {
    expect(targetOf('http://alerts.internal:8080/a', PRIVATE)).toMatchObject({ isPrivate: true });
    expect(allowed('http://alerts.internal/a')).toBe(false);
    expect(targetOf('https://alerts.internal/a', PRIVATE)).toMatchObject({ isPrivate: false });
  });
});
