import fc from 'fast-check';
import { addressOf, network } from '#protocol';
import { addressOfGhostJid, bareJid, ghostJid, networkOfDomain, parseJid, unescapeLocal } from './jids.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

const DOMAIN = 'hub.example.org';
const fetion = network('fetion');

describe('JIDs of ghosts', () => {
  test('are readable where the native id is', () => {
    expect(ghostJid(addressOf(fetion, '+8613800138000'), DOMAIN)).toEqual({
      jid: '%2b8613800138000@fetion.hub.example.org',
      digest: undefined,
    });
  });

  test('give the address back exactly, also after a server folded their case', () => {
    const natives = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
      fc.constantFrom('@Bob:Hub.test', 'A B', "o'neil", '100%', '张三'),
    );
    fc.assert(
      fc.property(natives, (native) => {
        const address = addressOf(fetion, native);
        const { jid, digest } = ghostJid(address, DOMAIN);
        const back = addressOfGhostJid(jid.toLowerCase(), DOMAIN);
        expect(back).toEqual(digest === undefined ? { address } : { digest });
      }),
      { numRuns: 1000 },
    );
  });

  test('people may type native ids too: escaped (XEP-0106) or bare', () => {
    const address = addressOf(network('matrix'), '@bob:example.org');
    expect(addressOfGhostJid('\\40bob\\3aexample.org@matrix.hub.example.org', DOMAIN)).toEqual({ address });
    expect(addressOfGhostJid('张三@fetion.hub.example.org', DOMAIN)).toEqual({
      address: addressOf(fetion, '张三'),
    });
  });

  test.each(['matrix.hub.example.org', 'bob@example.org', 'bob@hub.example.org', 'bob@.hub.example.org'])(
    '%s names nobody: 14',
    (jid) => {
      expect(() => addressOfGhostJid(jid, DOMAIN)).toThrow(expect.objectContaining({ code: '14' }) as Error);
    },
  );

  test('no text makes the parser do anything but answer or throw a code', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        for (const parse of [
          () => parseJid(text),
          () => addressOfGhostJid(`${text}@fetion.${DOMAIN}`, DOMAIN),
        ]) {
          try {
            parse();
          } catch (error) {
            expect(error).toMatchObject({ name: 'HubError' });
          }
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  test('small parts', () => {
    expect(bareJid('a@b/c/d')).toBe('a@b');
    expect(unescapeLocal('a\\20b\\zz')).toBe('a b\\zz');
    expect(networkOfDomain('fetion.hub.example.org', DOMAIN)).toBe('fetion');
    expect(networkOfDomain('example.org', DOMAIN)).toBeUndefined();
  });
});
