/** Who has written to each bot, for `get_friend_list`: a bot knows people by what it was told of them. */
import type { Memory } from '#adapter-kit';
import { LruCache } from '#service';

const CACHED = 20_000;
const MAX_LISTED = 1000;

export interface Friend {
  user_id: number;
  nickname: string;
  remark: string;
}

export class Friends {
  /** Name by key, as it is stored. */
  private readonly known = new LruCache<string, string>({ max: CACHED });

  constructor(private readonly memory: Pick<Memory, 'put' | 'entries'>) {}

  /** Writes only what is new. @throws HubError 91 */
  async met(selfId: number, userId: number, name: string): Promise<void> {
    const key = `friend.${selfId}.${userId}`;
    if (this.known.get(key) === name) return;
    await this.memory.put(key, name);
    this.known.set(key, name);
  }

  async of({ selfId }: { selfId: number }): Promise<Friend[]> {
    const friends: Friend[] = [];
    for await (const [key, name] of this.memory.entries(`friend.${selfId}.*`)) {
      const user_id = Number(key.slice(key.lastIndexOf('.') + 1));
      if (typeof name === 'string') friends.push({ user_id, nickname: name, remark: '' });
      if (friends.length >= MAX_LISTED) break;
    }
    return friends;
  }
}
