import { levels } from '#protocol';
import { isStaleToken, platformError } from './platform.errors.js';
import type { PlatformProfile } from './profile.js';

const PLATFORM: PlatformProfile = {
  name: 'wecom',
  encryption: 'always',
  nativeId: /./,
  token: { kind: 'stable', path: '/token' },
  media: { upload: '', download: '', videoNeedsThumbnail: false },
  person: { path: '/person', id: 'openid', name: 'nickname', avatar: 'headimgurl' },
  send: { path: '/send', numberedAgent: false },
  textBytes: 2048,
  capabilities: { version: 'test-1', language: 'zh', features: levels(0, { text: 2 }), limits: {} },
  errors: { 60111: '14' },
};

const codes = (errcodes: readonly number[]) =>
  errcodes.map((errcode) => platformError(PLATFORM, errcode, 'no').code);

describe('error numbers of a platform', () => {
  test.each([
    ['busy', '65', [-1, -1000, 45011, 9001002]],
    ['the quota is used up', '102', [45009, 45047]],
    ['the window is closed', '101', [45015]],
    ['he does not want it', '40', [43004, 43019, 43101, 48002, 50005]],
    ['nobody', '14', [46004, 40003]],
    ['no such type', '12', [40008]],
    ['a bad request', '30', [40033, 44002, 44004, 47001]],
    ['too large', '61', [45001, 45002]],
    ['not allowed', '36', [40013, 40125, 40164, 48001, 48004, 50002]],
    ['sent before', '94', [45065]],
    ['what nobody knows', '100', [99999]],
    ['what only this platform says', '14', [60111]],
  ] as const)('%s: %s', (_, code, errcodes) => {
    expect(codes(errcodes)).toEqual(errcodes.map(() => code));
  });

  test('a busy one is left alone for a while, the others are not', () => {
    expect(platformError(PLATFORM, 45011, 'slow').retryAfterMs).toBeGreaterThan(0);
    expect(platformError(PLATFORM, 45015, 'late').retryAfterMs).toBeUndefined();
  });

  test('its words are for the operator, and not without end', () => {
    expect(platformError(PLATFORM, 45015, 'late').detail).toBe('wecom answered 45015 late');
    expect(platformError(PLATFORM, 45015, 'x'.repeat(10_000)).detail.length).toBeLessThan(1000);
  });

  test.each([
    [true, [40001, 40014, 42001, 41001]],
    [false, [0, -1, 40013, 45009, 48001]],
  ] as const)('a new token helps: %s', (helps, errcodes) => {
    expect(errcodes.map(isStaleToken)).toEqual(errcodes.map(() => helps));
  });
});
