import { FrameReader } from '#adapter-session';
import { sipcCodec, type Frame } from './sipc-frame.js';
import { availabilityOf, readFrame as readFrameOf } from './to-canonical.js';

const ALICE = 'sip:793400001@fetion.com.cn;p=1919';
const US = '13800000001';
const DATE = 'Tue, 18 May 2010 13:32:58 GMT';

const readFrame = (frame: Frame) => readFrameOf(frame, US);

/** A frame as the server writes it. */
function received(head: string[], body = ''): Frame {
  const bytes = `${[...head, `L: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`;
  const [frame] = new FrameReader(sipcCodec).read(Buffer.from(bytes));
  if (!frame) throw new Error('no frame');
  return frame;
}

function message(headers: string[], body: string): Frame {
  return received(['M 700000001 SIP-C/4.0', 'I: -13', 'Q: 14 M', ...headers], body);
}

function pushed(name: string, body: string): unknown {
  return readFrame(received(['BN 700000001 SIP-C/4.0', `N: ${name}`, 'I: 1', 'Q: 2 BN'], body));
}

function info(state: string): unknown {
  return readFrame(
    received(
      ['IN 700000001 SIP-C/4.0', `F: ${ALICE}`, 'I: -13', 'Q: 15 IN'],
      `<is-composing><state>${state}</state></is-composing>`,
    ),
  );
}

describe('messages', () => {
  test('a plain text has the id that the server gave it', () => {
    const headers = [`F: ${ALICE}`, 'C: text/plain', 'K: SaveHistory', `D: ${DATE}`, 'XI: 0123ABCD'];
    expect(readFrame(message(headers, '你好 <b>&amp; 👋'))).toEqual({
      act: 'message',
      id: '0123ABCD',
      from: ALICE,
      text: '你好 <b>&amp; 👋',
      sentAt: new Date('2010-05-18T13:32:58Z'),
    });
  });

  test('a text with a font loses the font', () => {
    const body =
      '<Font Face="宋体" Color="-16777216" Size="10.5">I &lt;3 you<br/>&amp;<B>you</B> &#20320;</Font>';
    expect(
      readFrame(message([`F: ${ALICE}`, 'C: text/html-fragment', `D: ${DATE}`, 'XI: 1'], body)),
    ).toMatchObject({ act: 'message', text: 'I <3 you\n&you 你' });
  });

  describe('that waited have no id', () => {
    const waited = (from = ALICE, date = DATE, words = 'late', account = US, call = '-1') => {
      const headers = [`F: ${from}`, `I: ${call}`, 'C: text/plain', ...(date === '' ? [] : [`D: ${date}`])];
      const frame = received(['M 700000001 SIP-C/4.0', ...headers], words);
      return readFrameOf(frame, account) as { id: string; sentAt: Date };
    };

    test('they get one, the same each time that they come', () => {
      expect(waited().id).toMatch(/^[0-9a-f]{40}$/);
      expect(waited().id).toBe(waited().id);
      expect(waited(ALICE, DATE, 'late', US, '-7').id).toBe(waited().id);
      expect(waited().sentAt).toEqual(new Date('2010-05-18T13:32:58Z'));
    });

    test.each([
      ['another sender', waited('sip:1@fetion.com.cn')],
      ['another time', waited(ALICE, 'Tue, 18 May 2010 13:32:59 GMT')],
      ['other words', waited(ALICE, DATE, 'later')],
      ['another recipient', waited(ALICE, DATE, 'late', '13800000002')],
      ['no time', waited(ALICE, '')],
    ])('%s make another one', (_, other) => {
      expect(other.id).not.toBe(waited().id);
    });
  });

  test('a group message is recognised as such', () => {
    const headers = ['F: sip:PG123@fetion.com.cn;p=9', `SO: ${ALICE}`, 'C: text/plain', 'XI: 2'];
    expect(readFrame(message(headers, 'hi all'))).toEqual({ act: 'group-message' });
  });
});

describe('signs of life', () => {
  test('somebody writes', () => {
    expect(info('input')).toEqual({ act: 'typing', from: ALICE });
  });

  test('somebody nudges', () => {
    expect(info('nudge')).toMatchObject({
      act: 'nudge',
      from: ALICE,
      id: expect.stringContaining(ALICE) as string,
    });
  });

  test('somebody shows an animation', () => {
    expect(info('fetion-show')).toMatchObject({
      act: 'message',
      from: ALICE,
      text: '（发送了无法在此显示的内容：fetion-show）',
    });
  });

  test.each(['', 'INPUT', 'tomorrow'])('a state of "%s" is not known', (state) => {
    expect(info(state)).toMatchObject({ act: 'unknown', kind: 'info' });
  });

  test('an offered file becomes a text with its name', () => {
    const body =
      '<share-content id="5"><caps max-size="2097151"/><fileinfo><file name="报告.doc" size="9" id="1"/></fileinfo></share-content>';
    expect(readFrame(received(['IN 7 SIP-C/4.0', `F: ${ALICE}`], body))).toMatchObject({
      act: 'message',
      from: ALICE,
      text: '（文件：报告.doc，本网络暂不支持）',
    });
  });

  test.each([
    ['an invitation', ['I 700000001 SIP-C/4.0', 'I: -13'], 's=session\r\nm=message', 'invited'],
    ['its acknowledgement', ['A 700000001 SIP-C/4.0', 'I: -13'], '', 'signalling'],
    ['a question for abilities', ['O 700000001 SIP-C/4.0', 'I: -13'], '', 'signalling'],
    ['good bye', ['B 700000001 SIP-C/4.0', 'I: -13'], '', 'signalling'],
    ['a method of tomorrow', ['ZZ 700000001 SIP-C/4.0'], '', 'unknown'],
    ['an answer', ['SIP-C/4.0 280 Send SMS OK', 'I: 4'], '<results/>', 'signalling'],
    ['an offer of a file', ['IN 7 SIP-C/4.0'], '<share-content id="1"><state/></share-content>', 'unknown'],
    ['an IN that is no XML', ['IN 7 SIP-C/4.0'], '<is-composing><state>input', 'unknown'],
  ])('%s', (_, head, body, act) => {
    expect(readFrame(received(head, body))).toMatchObject({ act });
  });
});

describe('events', () => {
  test('presence, in full', () => {
    expect(
      pushed(
        'PresenceV4',
        `<events><event type="PresenceChanged"><contacts><c id="222500001"><p v="0" sid="793400001" su="${ALICE}" m="13800000002" c="CMCC" cs="0" s="1" l="0" svc="" n="nick &amp; co" i="mood" p="428986348" sms="0.0:0:0" sp="0" sh="0"/><pr di="PCCL030516427968" b="400" d="" dt="PC" dc="137"/></c></contacts></event></events>`,
      ),
    ).toEqual({
      act: 'events',
      events: [
        {
          event: 'presence',
          changes: [{ userId: '222500001', uri: ALICE, nickname: 'nick & co', mood: 'mood', basic: 400 }],
        },
      ],
    });
  });

  test.each([
    ['only the presence', '<c id="5"><pr di="x" b="0"/></c>', { basic: 0 }],
    ['only the person', `<c id="5"><p su="${ALICE}" n="Al"/></c>`, { uri: ALICE, nickname: 'Al' }],
    ['a mood that was cleared', '<c id="5"><p i=""/></c>', { mood: '' }],
    ['a client that says it is gone', '<c id="5"><pr b="-1"/></c>', { basic: -1 }],
    ['a presence that is no number', '<c id="5"><pr b="busy"/></c>', {}],
    ['nothing', '<c id="5"/>', {}],
  ])('presence, in part: %s', (_, contact, change) => {
    expect(
      pushed(
        'PresenceV4',
        `<events><event type="PresenceChanged"><contacts>${contact}</contacts></event></events>`,
      ),
    ).toEqual({ act: 'events', events: [{ event: 'presence', changes: [{ userId: '5', ...change }] }] });
  });

  test('several people, and several events, in one push', () => {
    const presence = (...ids: string[]) =>
      `<event type="PresenceChanged"><contacts>${ids.map((id) => `<c id="${id}"/>`).join('')}</contacts></event>`;
    expect(pushed('PresenceV4', `<events>${presence('1', '2')}${presence('3')}</events>`)).toEqual({
      act: 'events',
      events: [
        { event: 'presence', changes: [{ userId: '1' }, { userId: '2' }] },
        { event: 'presence', changes: [{ userId: '3' }] },
      ],
    });
  });

  test('somebody wants to be a contact', () => {
    expect(
      pushed(
        'contact',
        `<events><event type="AddBuddyApplication"><application uri="${ALICE}" desc="It&apos;s me" type="0" time="2010-05-18 13:32:58" addbuddy-phrase-id="0" user-id="222500001"/></event></events>`,
      ),
    ).toEqual({
      act: 'events',
      events: [
        {
          event: 'application',
          uri: ALICE,
          userId: '222500001',
          note: "It's me",
          id: '222500001 2010-05-18 13:32:58',
        },
      ],
    });
  });

  test.each([
    ['accepted', 'action="update"', 'relation-status="1"'],
    ['declined', 'action="update"', 'relation-status="2"'],
    ['removed', 'action="remove"', 'relation-status="1"'],
    ['removed', 'action="remove"', ''],
    [undefined, 'action="add"', 'relation-status="0"'],
    [undefined, 'action="update"', 'relation-status="3"'],
    [undefined, 'action="update"', ''],
  ])('a contact is %s by %s %s', (relation, action, status) => {
    const body = `<events><event type="SyncUserInfo"><user-info><contact-list version="2"><buddies><buddy ${action} user-id="5" uri="${ALICE}" ${status}/></buddies></contact-list></user-info></event></events>`;
    expect(pushed('SyncUserInfoV4', body)).toEqual({
      act: 'events',
      events: relation === undefined ? [] : [{ event: 'relation', uri: ALICE, userId: '5', relation }],
    });
  });

  test('logged in elsewhere', () => {
    expect(pushed('registration', '<events><event type="deregistered"/></events>')).toEqual({
      act: 'events',
      events: [{ event: 'pushed-out' }],
    });
  });

  test.each([
    ['a mailbox', '<events><event type="MobileMailBoxChanged"><mail unread-count="1"/></event></events>'],
    ['a chat', '<events><event type="UserFailed"><member uri="sip:1" status="502"/></event></events>'],
  ])('%s is news of the account itself', (_, body) => {
    expect(pushed('SystemNotifyV4', body)).toEqual({ act: 'events', events: [] });
  });

  test.each([
    ['an event without a type', '<events><event/></events>'],
    ['an event of tomorrow', '<events><event type="PollStarted"/></events>'],
    ['no body', ''],
    ['half a document', '<events><event type="deregistered"/>'],
    ['a document type', '<!DOCTYPE x><events><event type="deregistered"/></events>'],
  ])('%s is not known', (_, body) => {
    expect(pushed('SystemNotifyV4', body)).toMatchObject({ act: 'events', events: [{ event: 'unknown' }] });
  });

  test('a text with an unescaped "&" is read', () => {
    const application = `<application uri="${ALICE}" desc="Tom & I" time="now" user-id="5"/>`;
    expect(
      pushed('contact', `<events><event type="AddBuddyApplication">${application}</event></events>`),
    ).toMatchObject({ events: [{ event: 'application', note: 'Tom & I' }] });
  });
});

test.each([
  ['available', [400, 499]],
  ['away', [300, 100, 150, 500, 850]],
  ['dnd', [600, 800]],
  ['offline', [0, -1]],
  ['unknown', [1, 401, 9999]],
] as const)('%s is what %j mean', (availability, values) => {
  expect(values.map(availabilityOf)).toEqual(values.map(() => availability));
});
