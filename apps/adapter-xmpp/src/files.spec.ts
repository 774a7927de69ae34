import { createRequire } from 'node:module';
import { xml, type Element } from '@xmpp/component';
import type { NativeAttachment, OutgoingAttachment } from '#adapter-kit';
import { MediaFile, type FileFacts } from '#media';
import type { ExternalPart } from '#protocol';
import { fileElements, readFiles } from './files.js';
import { NS } from './namespaces.js';

const { parse } = createRequire(import.meta.url)('ltx') as { parse: (text: string) => Element };

const URL = 'https://upload.example.org/x/my%20cat.jpg';
const SHA256 = 'ab'.repeat(32);
const BASE64 = Buffer.from(SHA256, 'hex').toString('base64');

function read(inner: string, text = ''): NativeAttachment | undefined {
  return readFiles(parse(`<message type='chat' id='m1'>${inner}</message>`), text).media[0];
}

const data = (url = URL) => `<url-data xmlns='${NS.urlData}' target='${url}'/>`;
const about = (inner: string) => `<file xmlns='${NS.file}'>${inner}</file>`;
const sharing = (file: string, sources = data(), attrs = '') =>
  `<file-sharing xmlns='${NS.sfs}' ${attrs}>${file}<sources>${sources}</sources></file-sharing>`;
const named = (url = URL) => `<reference xmlns='${NS.reference}' type='data' uri='${url}'/>`;
const sims = (file: string, sources = named()) =>
  `<reference xmlns='${NS.reference}' begin='0' end='9' type='data'><media-sharing xmlns='${NS.sims}'>` +
  `<file xmlns='${NS.jingleFile}5'>${file}</file><sources>${sources}</sources></media-sharing></reference>`;
const oob = (url = URL) => `<x xmlns='${NS.oob}'><url>${url}</url></x>`;

describe('a file shared statelessly (XEP-0447)', () => {
  test('with all that is said of it', () => {
    const file = about(
      `<media-type>audio/ogg</media-type><name>cat.ogg</name><size>7</size><length>2500</length><desc>a cat</desc>
      <hash xmlns='${NS.hashes}2' algo='sha3-256'>AAAA</hash><hash xmlns='${NS.hashes}2' algo='sha-256'>${BASE64}</hash>`,
    );
    expect(read(sharing(file))).toEqual({
      source: { url: URL },
      disposition: 'attachment',
      contentType: 'audio/ogg',
      filename: 'cat.ogg',
      description: 'a cat',
      sha256: SHA256,
      meta: { durationMs: 2500 },
    });
  });

  test('of which nothing is said has the name of its address', () => {
    const bare = {
      source: { url: URL },
      disposition: 'attachment',
      contentType: 'application/octet-stream',
      filename: 'my cat.jpg',
      meta: {},
    };
    expect(read(sharing(about('')))).toEqual(bare);
    expect(read(sharing(''))).toEqual(bare);
  });

  test('of which nonsense is said', () => {
    const file = about(
      `<media-type>${'x'.repeat(300)}</media-type><name> </name><desc>${'d'.repeat(3000)}</desc><length>-1</length>`,
    );
    expect(read(sharing(file, data('https://x')))).toEqual({
      source: { url: 'https://x' },
      disposition: 'attachment',
      contentType: 'x'.repeat(200),
      description: 'd'.repeat(2000),
      meta: {},
    });
    expect(read(sharing('', data('https://example.org/%ff')))).not.toHaveProperty('filename');
    expect(read(sharing('', data('https://example.org/')))).not.toHaveProperty('filename');
  });

  test.each(['', '0', '1.5', 'long', '1e999'])('the length "%s" is ignored', (length) => {
    expect(read(sharing(about(`<length>${length}</length>`)))).toMatchObject({ meta: {} });
    expect(read(sharing(about(`<length>${length}</length>`)))?.meta).not.toHaveProperty('durationMs');
  });

  test('at no address is no file', () => {
    expect(read(sharing(about('<name>cat.jpg</name>'), ''))).toBeUndefined();
    expect(
      read(sharing(about(''), `<jinglepub xmlns='urn:xmpp:jinglepub:1' from='a@b' id='1'/>`)),
    ).toBeUndefined();
    expect(read(`<file-sharing xmlns='${NS.sfs}'/>`)).toBeUndefined();
  });
});

describe('its hash', () => {
  test.each([
    ['of another kind', `<hash xmlns='${NS.hashes}2' algo='sha-512'>${BASE64}</hash>`],
    ['too short', `<hash xmlns='${NS.hashes}2' algo='sha-256'>AAAA</hash>`],
    ['empty', `<hash xmlns='${NS.hashes}2' algo='sha-256'/>`],
    ['of another namespace', `<hash xmlns='urn:example' algo='sha-256'>${BASE64}</hash>`],
  ])('%s is not believed', (_, hash) => {
    expect(read(sharing(about(hash)))).not.toHaveProperty('sha256');
  });

  test('is given in hex', () => {
    expect(
      read(sharing(about(`<hash xmlns='${NS.hashes}2' algo='sha-256'>\n${BASE64}\n</hash>`))),
    ).toMatchObject({ sha256: SHA256 });
  });
});

describe('a sticker', () => {
  const inline = `disposition='inline'`;

  test('is an inline picture with a meaning', () => {
    expect(
      read(
        sharing(about('<media-type>image/webp</media-type><desc>a waving cat</desc>'), data(), inline) +
          `<sticker xmlns='urn:xmpp:stickers:0' pack='1'/>`,
        'a waving cat',
      ),
    ).toMatchObject({ disposition: 'inline', contentType: 'image/webp', description: 'a waving cat' });
  });

  test('is not every inline picture, nor every picture with a meaning', () => {
    expect(read(sharing(about('<desc> </desc>'), data(), inline))).toMatchObject({
      disposition: 'attachment',
    });
    expect(read(sharing(about('<desc>a cat</desc>'), data(), `disposition='attachment'`))).toMatchObject({
      disposition: 'attachment',
      description: 'a cat',
    });
  });
});

describe('a reference to a medium (XEP-0385)', () => {
  test('names its address in a reference of its own', () => {
    expect(read(sims('<media-type>image/jpeg</media-type><name>cat.jpg</name>'), 'look')).toEqual({
      source: { url: URL },
      disposition: 'attachment',
      contentType: 'image/jpeg',
      filename: 'cat.jpg',
      meta: {},
    });
  });

  test('may stand behind a reference to a person', () => {
    const mention = `<reference xmlns='${NS.reference}' begin='0' end='3' type='mention' uri='xmpp:bob@b'/>`;
    expect(read(mention + sims(''))).toMatchObject({ source: { url: URL } });
    expect(read(mention)).toBeUndefined();
  });

  test('is ignored where XEP-0447 gives the same field', () => {
    const other = sims('<name>other.jpg</name>', named('https://example.org/other.jpg'));
    expect(read(other + sharing(about('<name>cat.jpg</name>')))).toMatchObject({
      source: { url: URL },
      filename: 'cat.jpg',
    });
  });
});

describe('a URL beside the text (XEP-0066)', () => {
  test('is a file when the text is exactly this URL', () => {
    expect(read(oob(), URL)).toEqual({
      source: { url: URL },
      disposition: 'attachment',
      contentType: 'application/octet-stream',
      filename: 'my cat.jpg',
      meta: {},
    });
    expect(read(oob(`\n${URL} `), ` ${URL}\n`)).toMatchObject({ source: { url: URL } });
  });

  test('is no file when the text differs, or there is none', () => {
    expect(read(oob(), `look: ${URL}`)).toBeUndefined();
    expect(read(oob(), '')).toBeUndefined();
    expect(read(`<x xmlns='${NS.oob}'/>`, '')).toBeUndefined();
  });

  test('that is only in the text is no file', () => {
    expect(read('', URL)).toBeUndefined();
    expect(read(`<x xmlns='urn:example'><url>${URL}</url></x>`, URL)).toBeUndefined();
  });
});

describe('a file that we send', () => {
  function sent(facts: Partial<FileFacts> = {}, part: Partial<ExternalPart> = {}): Element {
    const all = {
      contentType: 'image/jpeg',
      size: 7,
      sha256: SHA256,
      filename: 'cat.jpg',
      meta: {},
      ...facts,
    };
    const medium: OutgoingAttachment = {
      file: new MediaFile('/nowhere', all),
      as: 'file',
      part: { kind: 'external', disposition: 'attachment', contentType: all.contentType, ...part },
    };
    return parse(xml('message', {}, ...fileElements(medium, URL)).toString());
  }
  const back = (stanza: Element) => readFiles(stanza, stanza.getChildText('body') ?? '').media[0];

  test('is read back unchanged', () => {
    expect(back(sent())).toEqual({
      source: { url: URL },
      disposition: 'attachment',
      contentType: 'image/jpeg',
      filename: 'cat.jpg',
      sha256: SHA256,
      meta: {},
    });
    const voice = { contentType: 'audio/ogg', filename: 'a&b <c>.ogg', meta: { durationMs: 2500 } };
    expect(back(sent(voice, { description: '"你好" & <b>' }))).toMatchObject({
      disposition: 'attachment',
      contentType: 'audio/ogg',
      filename: 'a&b <c>.ogg',
      description: '"你好" & <b>',
      meta: { durationMs: 2500 },
    });
  });

  test('a sticker comes back as one', () => {
    const sticker = { disposition: 'inline', description: 'a waving cat' } as const;
    expect(back(sent({ contentType: 'image/webp', filename: 'x.webp' }, sticker))).toMatchObject({
      disposition: 'inline',
      description: 'a waving cat',
    });
  });

  test('says how large it is, on the disk and on the screen', () => {
    const file = sent({ meta: { width: 640, height: 480 } })
      .getChild('file-sharing', NS.sfs)
      ?.getChild('file', NS.file);
    expect(['size', 'width', 'height', 'length', 'desc'].map((name) => file?.getChildText(name))).toEqual([
      '7',
      '640',
      '480',
      null,
      null,
    ]);
  });

  test.each([
    ['image/jpeg', 'inline'],
    ['video/mp4', 'inline'],
    ['audio/ogg', 'attachment'],
    ['application/pdf', 'attachment'],
  ])('of %s is shown as %s', (contentType, disposition) => {
    expect(sent({ contentType }).getChild('file-sharing', NS.sfs)?.attrs['disposition']).toBe(disposition);
  });

  test('contains a URL for older clients, with a hint that newer clients leave it out', () => {
    const stanza = sent();
    expect(stanza.getChildText('body')).toBe(URL);
    expect(stanza.getChild('x', NS.oob)?.getChildText('url')).toBe(URL);
    const fallback = stanza.getChild('fallback', NS.fallback);
    expect(fallback?.attrs['for']).toBe(NS.sfs);
    expect(fallback?.getChild('body')?.attrs).not.toHaveProperty('start');
  });
});
