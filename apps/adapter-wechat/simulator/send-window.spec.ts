import { Clock } from '../../../libs/simulators/src/platform/clock.js';
import { WECHAT } from './index.js';
import { WECOM } from '../../adapter-wecom/simulator/index.js';
import { YIXIN } from '../../adapter-yixin/simulator/index.js';
import { MemberRate, SendWindow } from '../../../libs/simulators/src/platform/send-window.js';

const HOUR = 3_600_000;

function codeOf(action: () => void): unknown {
  try {
    action();
    return 0;
  } catch (error) {
    return (error as { errcode: number }).errcode;
  }
}

describe('messages that an official account may send', () => {
  const clock = new Clock();
  const fresh = (): SendWindow => new SendWindow(clock, WECHAT.window);
  const send = (window: SendWindow, times: number): unknown[] =>
    Array.from({ length: times }, () => codeOf(() => window.use()));

  it('none to a person who never wrote', () => {
    expect(send(fresh(), 1)).toEqual([45015]);
  });

  it('five after a message, and five more after the next one', () => {
    const window = fresh();
    window.open('message');
    expect(send(window, 6)).toEqual([0, 0, 0, 0, 0, 45047]);
    window.open('message');
    expect(send(window, 6)).toEqual([0, 0, 0, 0, 0, 45047]);
  });

  it('nothing two days after the last message', () => {
    const window = fresh();
    window.open('message');
    clock.advance(48 * HOUR - 1000);
    expect(send(window, 1)).toEqual([0]);
    clock.advance(1001);
    expect(send(window, 1)).toEqual([45015]);
  });

  it('three within a minute after an event', () => {
    const window = fresh();
    window.open('event');
    expect(send(window, 4)).toEqual([0, 0, 0, 45047]);
    window.open('event');
    clock.advance(61_000);
    expect(send(window, 1)).toEqual([45015]);
  });

  it('on Yixin no window is documented', () => {
    expect(send(new SendWindow(clock, YIXIN.window), 9)).toEqual(Array(9).fill(0));
  });
});

describe('messages that a WeCom app may send to one member', () => {
  it('thirty in a minute, the rest is lost', () => {
    const clock = new Clock();
    const rate = new MemberRate(clock, WECOM.memberRate);
    expect(Array.from({ length: 31 }, () => rate.use()).filter(Boolean)).toHaveLength(30);
    clock.advance(61_000);
    expect(rate.use()).toBe(true);
  });
});
