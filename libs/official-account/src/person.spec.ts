import type { PlatformProfile } from './profile.js';
import { readPerson } from './person.js';

const profile = {
  person: { path: '', id: 'openid', name: 'nickname', avatar: 'headimgurl' },
} as unknown as PlatformProfile;
const url = 'https://thirdwx.qlogo.cn/mmopen/cat/132';

test.each([
  [
    'name and picture',
    { nickname: '张三', headimgurl: url },
    { displayName: '张三', avatar: { version: url, source: { url } } },
  ],
  ['nothing, as since 2021', { nickname: '', headimgurl: '' }, { displayName: null, avatar: null }],
  ['no fields', { subscribe: 0 }, { displayName: null, avatar: null }],
  ['other types', { nickname: 7, headimgurl: [] }, { displayName: null, avatar: null }],
  [
    'an address that is none of the web',
    { headimgurl: 'file:///etc/passwd' },
    { displayName: null, avatar: null },
  ],
])('a person of whom the platform tells %s', (_, told, read) => {
  expect(readPerson(profile, 'zhangsan', told)).toEqual({ fallbackName: 'zhangsan', ...read });
});

test('a long id becomes a short name, another one for each person', () => {
  const [one, other] = ['oABCDEFGHIJKLMNOPQRSTUVWXY-1', 'oABCDEFGHIJKLMNOPQRSTUVWXY-2'].map(
    (id) => readPerson(profile, id, {}).fallbackName ?? '',
  );
  expect(one).toMatch(/^oABCDE…[0-9a-f]{4}$/);
  expect(one).not.toBe(other);
});
