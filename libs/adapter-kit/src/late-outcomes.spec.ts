import { addressOf, direct, network, type EventId, type Outcome } from '#protocol';
import type { LateOutcomes, LateReport } from './late-outcomes.js';
import { LateOutcomesStage } from './testing/late-outcomes-stage.js';
import type { MessageRef } from './delivered.contract.js';

const here = network('matrix');
const far = network('far');
const id = 'A'.repeat(27) as EventId;
const event = { id, author: far };
const HOUR = 3600_000;

const submitted: Outcome = {
  event: id,
  conversation: 'c' as Outcome['conversation'],
  kind: 'message',
  by: 'adapter',
  stage: 'submitted',
  basis: 'network',
  code: '00',
  from: { address: addressOf(far, 'sue') },
  to: addressOf(here, '@ann:here'),
  native: ['$1'],
  requestDelivered: true,
  at: '2026-11-28T10:00:00.000Z',
};
const delivered: Outcome = { ...submitted, stage: 'delivered' };
const ref: MessageRef = {
  id,
  author: submitted.from.address,
  within: direct(submitted.from.address, submitted.to),
  native: ['$1'],
  at: Date.parse(submitted.at),
};

const ARRIVED: LateReport = { stage: 'delivered', basis: 'operator-word' };
const AS_SMS: LateReport = { stage: 'delivered', basis: 'network', code: '104' };
const READ: LateReport = { stage: 'read', basis: 'user-device' };
const BOUNCED: LateReport = { stage: 'failed', basis: 'network', code: '14', detail: 'no such number' };

describe('an outcome that comes late', () => {
  let stage: LateOutcomesStage;
  let outcomes: LateOutcomes;
  const told = () => stage.told();

  beforeEach(() => {
    stage = new LateOutcomesStage(here);
    outcomes = stage.process();
  });

  test('is submitted first, then delivered, with everything that is known of the event', async () => {
    await outcomes.ended(submitted, false);
    await outcomes.report(event, ARRIVED);
    expect(told()).toEqual(['submitted 00', 'delivered 00']);
    expect(stage.reported[1]).toMatchObject({
      event: id,
      native: ['$1'],
      requestDelivered: true,
      to: submitted.to,
      basis: 'operator-word',
    });
  });

  test('is submitted first, then failed, with the reason', async () => {
    await outcomes.ended(submitted, false);
    await outcomes.report(event, BOUNCED);
    expect(told()).toEqual(['submitted 00', 'failed 14']);
    expect(stage.reported[1]?.detail).toBe('no such number');
  });

  test('is reported once at each stage, and never goes back', async () => {
    await outcomes.ended(submitted, false);
    for (const report of [ARRIVED, ARRIVED, READ, ARRIVED, BOUNCED, READ])
      await outcomes.report(event, report);
    expect(told()).toEqual(['submitted 00', 'delivered 00', 'read 00']);
  });

  test.each([
    [
      [AS_SMS, AS_SMS, ARRIVED],
      ['submitted 00', 'delivered 104'],
    ],
    [
      [ARRIVED, AS_SMS],
      ['submitted 00', 'delivered 00'],
    ],
    [
      [READ, AS_SMS],
      ['submitted 00', 'read 00'],
    ],
    [
      [AS_SMS, READ],
      ['submitted 00', 'delivered 104', 'read 00'],
    ],
    [
      [AS_SMS, BOUNCED],
      ['submitted 00', 'delivered 104', 'failed 14'],
    ],
    [
      [BOUNCED, AS_SMS],
      ['submitted 00', 'failed 14'],
    ],
  ])('that it became an SMS is told in any order with other reports: case %#', async (reports, expected) => {
    await outcomes.ended(submitted, false);
    for (const report of reports) await outcomes.report(event, report);
    expect(told()).toEqual(expected);
  });

  test('that it became an SMS is not lost when the network reports it before the delivery is recorded', async () => {
    await Promise.all([outcomes.report(event, AS_SMS), outcomes.ended(submitted, false)]);
    expect(told()).toEqual(['delivered 104']);
  });

  test('is not lost when the network reports it before the delivery is recorded', async () => {
    await Promise.all([outcomes.report(event, ARRIVED), outcomes.ended(submitted, false)]);
    expect(told()).toEqual(['delivered 00']);
  });

  test('follows a loss that the delivery found, of which the sender is notified', async () => {
    await outcomes.report(event, ARRIVED);
    await outcomes.ended({ ...submitted, code: '107' }, false);
    expect(told()).toEqual(['submitted 107', 'delivered 00']);
  });

  test('does not come from an early report of what the delivery says itself', async () => {
    await outcomes.report(event, ARRIVED);
    await outcomes.ended({ ...delivered, code: '107' }, false);
    expect(told()).toEqual(['delivered 107']);
  });

  test('is not taken from a report that came long before its delivery', async () => {
    await outcomes.report(event, BOUNCED);
    stage.now += HOUR;
    await outcomes.ended(submitted, false);
    expect(told()).toEqual(['submitted 00']);
  });

  test('survives a restart between the two', async () => {
    await outcomes.ended(submitted, false);
    await stage.process().report(event, ARRIVED);
    expect(told()).toEqual(['submitted 00', 'delivered 00']);
  });

  test('of another network with the same id is another outcome', async () => {
    await outcomes.ended(submitted, false);
    await outcomes.report({ id, author: network('other') }, ARRIVED);
    expect(told()).toEqual(['submitted 00']);
  });

  describe('of a message that the network had accepted for good', () => {
    test('is a failure for the sender, who is named by the reference of the message', async () => {
      await outcomes.ended(delivered, false);
      stage.known = ref;
      await outcomes.report(event, BOUNCED);
      expect(told()).toEqual(['delivered 00', 'failed 14']);
      expect(stage.reported[1]).toMatchObject({ event: id, from: { address: ref.author }, to: submitted.to });
    });

    test('needs nothing to be stored before the network reports it', async () => {
      await outcomes.ended(delivered, false);
      expect([...stage.stored.keys()]).toEqual([]);
    });

    test('is ignored when the device of the person had confirmed the message', async () => {
      stage.known = { ...ref, basis: 'user-device' };
      await outcomes.report(event, BOUNCED);
      expect(told()).toEqual([]);
    });

    test('is ignored after the receipt of a device: another device did not get the message', async () => {
      stage.known = ref;
      outcomes.confirm(event);
      await outcomes.report(event, BOUNCED);
      expect(told()).toEqual([]);
    });

    test('is not followed by "delivered" when the delivery is repeated after a crash', async () => {
      stage.known = ref;
      await outcomes.report(event, BOUNCED);
      await stage.process().ended(delivered, true);
      expect(told()).toEqual(['failed 14']);
    });

    test('waits while only a part of the message is delivered', async () => {
      stage.known = { ...ref, unfinished: ['one'] };
      await outcomes.report(event, BOUNCED);
      expect(told()).toEqual([]);
      await outcomes.ended(delivered, false);
      expect(told()).toEqual(['failed 14']);
    });
  });

  describe('and about which the network reports nothing', () => {
    test('is closed as unknown when its time limit ends, and not before', async () => {
      await outcomes.ended(submitted, false, 48 * HOUR);
      stage.now += 47 * HOUR;
      expect(await outcomes.closeOverdue()).toBe(0);
      stage.now += HOUR;
      expect(await stage.process().closeOverdue()).toBe(1);
      expect(told()).toEqual(['submitted 00', 'unknown 103']);
    });

    test('stays closed', async () => {
      await outcomes.ended(submitted, false, HOUR);
      stage.now += HOUR;
      await outcomes.closeOverdue();
      await outcomes.report(event, ARRIVED);
      expect(await outcomes.closeOverdue()).toBe(0);
      expect(told()).toEqual(['submitted 00', 'unknown 103']);
    });

    test('stays delivered after a crash between its outcome and the end of its entry', async () => {
      await outcomes.ended(submitted, false, HOUR);
      const entry = [...stage.stored].find(([key]) => key.startsWith('open.'));
      await outcomes.report(event, ARRIVED);
      stage.stored.set(...(entry as [string, string]));
      stage.now += HOUR;
      await stage.process().closeOverdue();
      expect(told()).toEqual(['submitted 00', 'delivered 00']);
      expect([...stage.stored.keys()].filter((key) => key.startsWith('open.'))).toEqual([]);
    });

    test('is not closed after a report, or without a time limit', async () => {
      await outcomes.ended(submitted, false, HOUR);
      await outcomes.report(event, ARRIVED);
      await outcomes.ended({ ...submitted, event: 'B'.repeat(27) as EventId }, false);
      stage.now += 1000 * HOUR;
      expect(await outcomes.closeOverdue()).toBe(0);
    });
  });
});
