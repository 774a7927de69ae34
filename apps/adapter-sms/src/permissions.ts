/** Whom we may write to, and when: people who asked for nothing more, the block list, quiet hours. */
import { StoredMap, type Memory } from '#adapter-kit';
import { HubError } from '#protocol';
import type { SmsSettings } from './sms.config.js';

export interface PermissionOptions {
  memory: Memory;
  settings: Pick<SmsSettings, 'SMS_BLOCKED' | 'SMS_QUIET_HOURS' | 'SMS_TIME_ZONE'>;
  now?: () => Date;
}

const MOST_CACHED = 50_000;

export class Permissions {
  /** People who asked for nothing more, and those who asked for messages again. */
  private readonly wishes: StoredMap<{ stopped: boolean }>;

  constructor(private readonly options: PermissionOptions) {
    this.wishes = new StoredMap(options.memory, 'wish.', MOST_CACHED);
  }

  /** @throws HubError 40 for a person who may not be written to, 100 in the quiet hours, 91 */
  async check(person: string): Promise<void> {
    const { settings, now = () => new Date() } = this.options;
    if (this.isBlocked(person)) throw new HubError('40', 'the number is on the block list of the link');
    const wish = await this.wishes.get(person);
    if (wish?.stopped) throw new HubError('40', 'the person asked for no more messages');
    const { SMS_QUIET_HOURS: hours, SMS_TIME_ZONE: zone } = settings;
    if (hours !== undefined && isQuiet(now(), hours, zone))
      throw new HubError('100', `nothing is sent in the quiet hours, ${hours} ${zone}`);
  }

  isBlocked(person: string): boolean {
    return this.options.settings.SMS_BLOCKED.some((one) =>
      one.endsWith('*') ? person.startsWith(one.slice(0, -1)) : person === one,
    );
  }

  /** Resolves when it is on disk. @throws HubError 91 */
  async wish(person: string, wish: 'stop' | 'start'): Promise<void> {
    await this.wishes.put(person, { stopped: wish === 'stop' });
  }
}

/** @param hours `22:00-08:00`: may pass midnight; the end is no part of it */
export function isQuiet(now: Date, hours: string, zone: string): boolean {
  const time = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).format(now);
  const [from = '', to = ''] = hours.split('-');
  return from <= to ? from <= time && time < to : from <= time || time < to;
}
