import { jest } from '@jest/globals';
import { network, SILENT_AFTER_MS, type SignOn } from '#protocol';
import { LivenessBoard, MOST_INSTANCES } from './liveness.js';

const north = network('north');
const beat = (instance: string): SignOn => ({ network: north, instance, nativeConnected: true }) as SignOn;

beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
afterEach(() => jest.useRealTimers());

test('instances that are silent are forgotten, those that beat are not', () => {
  const board = new LivenessBoard();
  board.beat(beat('old'));
  jest.advanceTimersByTime(SILENT_AFTER_MS - 1);
  board.beat(beat('steady'));
  expect(board.instancesOf(north)).toEqual(['old', 'steady']);
  jest.advanceTimersByTime(1);
  board.beat(beat('new'));
  expect(board.instancesOf(north)).toEqual(['steady', 'new']);
});

test('a flood of instance ids leaves no more than the bound, and the newest among them', () => {
  const board = new LivenessBoard();
  for (let n = 0; n < 10 * MOST_INSTANCES; n++) board.beat(beat(`instance-${n}`));
  expect(board.instancesOf(north)).toHaveLength(MOST_INSTANCES);
  expect(board.of(north)).toMatchObject({ signedOn: true });
});

test('a network whose adapter was refused does not count as there, until it is admitted', () => {
  const board = new LivenessBoard();
  board.beat(beat('one'));
  board.ignore(north);
  board.beat(beat('one'));
  expect([board.of(north).signedOn, board.all.has(north)]).toEqual([false, false]);
  board.heed(north);
  board.beat(beat('one'));
  expect([board.of(north).signedOn, board.all.has(north)]).toEqual([true, true]);
});

test('the processes of an adapter that share partitions are listed apart, the same for all of them', () => {
  const board = new LivenessBoard();
  board.beat({ ...beat('b'), sharesPartitions: true });
  board.beat(beat('alone'));
  board.beat({ ...beat('a'), sharesPartitions: true });
  expect(board.processesOf(north)).toEqual({ sharing: ['b', 'a'], working: ['a', 'b'], single: ['alone'] });
  board.beat({ ...beat('b'), sharesPartitions: true, nativeConnected: false });
  expect(board.processesOf(north).working).toEqual(['a']);
  board.beat({ ...beat('a'), sharesPartitions: true, nativeConnected: false });
  expect(board.processesOf(north).working).toEqual(['a', 'b']);
  jest.advanceTimersByTime(SILENT_AFTER_MS);
  expect(board.processesOf(north)).toEqual({ sharing: [], working: [], single: [] });
});
