import { xml } from '@xmpp/client';
import { ArchiveOrder } from './archive-order.js';

type Element = ReturnType<typeof xml>;

const ME = 'alice@localhost';
const BOB = '%40bob@matrix.hub.localhost';

let shown: string[];
let order: ArchiveOrder;

beforeEach(() => {
  shown = [];
  order = new ArchiveOrder(ME, (message) => shown.push(message.getChildText('body') ?? ''));
});

function message(text: string, archiveId?: string, from = BOB): Element {
  const id = archiveId === undefined ? [] : [xml('stanza-id', { xmlns: 'urn:xmpp:sid:0', id: archiveId })];
  return xml('message', { from }, xml('body', {}, text), ...id);
}

function fromArchive(text: string, id: string, from = BOB): Element {
  const forwarded = xml('forwarded', { xmlns: 'urn:xmpp:forward:0' }, message(text, undefined, from));
  return xml('message', { from: ME }, xml('result', { xmlns: 'urn:xmpp:mam:2', id }, forwarded));
}

test('what bob wrote while alice was offline is shown before what he writes when she is back', () => {
  order.receive(message('one', 'a1'));
  order.hold();
  order.receive(message('three', 'a3'));
  order.receive(fromArchive('two', 'a2'));
  order.receive(fromArchive('three', 'a3'));
  order.receive(message('four', 'a4'));
  expect(shown).toEqual(['one', 'two', 'three']);
  order.release();
  order.receive(message('five', 'a5'));
  expect(shown).toEqual(['one', 'two', 'three', 'four', 'five']);
});

test('the archive is read from the last message shown, not from one that is held', () => {
  order.receive(message('one', 'a1'));
  order.hold();
  order.receive(message('three', 'a3'));
  expect(order.newest).toBe('a1');
});

test('a second break during the catch-up keeps what is held', () => {
  order.hold();
  order.receive(message('two', 'a2'));
  order.hold();
  order.receive(fromArchive('one', 'a1'));
  order.release();
  expect(shown).toEqual(['one', 'two']);
});

test('what alice wrote herself is not shown again from the archive', () => {
  order.receive(fromArchive('mine', 'a1', `${ME}/phone`));
  order.receive(fromArchive('yours', 'a2'));
  expect(shown).toEqual(['yours']);
});

test('a message that the server does not archive is shown once for each time that it arrives', () => {
  order.receive(message('typing'));
  order.receive(message('typing'));
  expect(shown).toEqual(['typing', 'typing']);
});
