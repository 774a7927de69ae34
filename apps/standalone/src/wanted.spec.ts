import { wantedNetworks } from './wanted.js';

const KNOWN = ['xmpp', 'matrix', 'fetion'];

describe('HUTONG_NETWORKS', () => {
  test.each([
    [undefined, KNOWN],
    ['xmpp', ['xmpp']],
    ['xmpp,matrix', ['xmpp', 'matrix']],
    [' XMPP , fetion,', ['xmpp', 'fetion']],
    ['xmpp,xmpp', ['xmpp']],
  ])('%j', (text, wanted) => {
    expect(wantedNetworks(text, KNOWN)).toEqual(wanted);
  });

  test.each(['xmp', 'xmpp,matrx', 'all', '*'])(
    '%s is misspelt: the error names it and lists the known ones',
    (text) => {
      expect(() => wantedNetworks(text, KNOWN)).toThrow(/there is no network ".*xmpp, matrix, fetion/);
    },
  );

  test.each(['', ' ', ','])('%j asks for none', (text) => {
    expect(() => wantedNetworks(text, KNOWN)).toThrow(/xmpp, matrix, fetion/);
  });
});
