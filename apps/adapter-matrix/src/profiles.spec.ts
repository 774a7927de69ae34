import { readProfile } from './profiles.js';

const BEN = '@ben:example.org';
const url = 'mxc://example.org/cat';

test.each([
  [
    'name and picture',
    { displayname: 'Benedikt Öz', avatar_url: url },
    { displayName: 'Benedikt Öz', avatar: { version: url, source: { mxc: url } } },
  ],
  ['a name alone', { displayname: 'Ben' }, { displayName: 'Ben', avatar: null }],
  ['nothing', {}, { displayName: null, avatar: null }],
  ['null in both', { displayname: null, avatar_url: null }, { displayName: null, avatar: null }],
  ['other types', { displayname: 7, avatar_url: ['x'] }, { displayName: null, avatar: null }],
  ['an empty name', { displayname: '', avatar_url: '' }, { displayName: null, avatar: null }],
  [
    'an address of the web',
    { avatar_url: 'http://169.254.169.254/latest' },
    { displayName: null, avatar: null },
  ],
])('a profile with %s', (_, profile, read) => {
  expect(readProfile(BEN, profile)).toEqual({ fallbackName: 'ben', ...read });
});
