import { createHash } from 'node:crypto';
import { FILE_COLUMNS, FILE_HEAD, fileLines, MemberFiles, type DetailRecord, type Rating } from './index.js';

const record: DetailRecord = {
  reference: 'abcdefgh',
  from: 'fetion',
  to: 'wechat',
  class: 'media',
  units: 12n,
  acceptedAt: '2026-11-22T01:02:03.000000Z',
  endedAt: '2026-11-22T01:02:04.000000Z',
  outcome: 'delivered',
  code: '00',
  standIn: false,
  atSwitch: false,
  fromParty: 'A',
  toParty: 'B',
};
const free: Rating = { tariff: undefined, price: 0n, switchFee: 0n };

describe('a clearing file', () => {
  it('has one line for a record, in two formats that say the same', () => {
    const { jsonl, csv } = fileLines('2026-11-22', record, { ...free, price: 1_500_000n, switchFee: 1n });
    expect(JSON.parse(jsonl)).toMatchObject({
      units: '12',
      unit: 'kB',
      price: '1.500000',
      switchFee: '0.000001',
    });
    expect(Object.keys(JSON.parse(jsonl) as object)).toEqual(FILE_COLUMNS);
    expect(csv).toBe(
      'abcdefgh,2026-11-22,fetion,wechat,media,kB,12,2026-11-22T01:02:03.000000Z,2026-11-22T01:02:04.000000Z,delivered,00,false,A,B,,1.500000,0.000001\n',
    );
  });

  it('is in the manifest with its checksum, for both networks, and for those that were silent', () => {
    const files = new MemberFiles('2026-11-22', ['yixin']);
    files.add(record, free);
    const { members } = files.manifest([], [], new Map([['fetion', 7]]));
    const bytes = FILE_HEAD.csv + fileLines('2026-11-22', record, free).csv;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    for (const network of ['fetion', 'wechat'])
      expect(members[network]?.files.csv).toEqual({
        name: `${network}-2026-11-22.csv`,
        records: 1,
        bytes: bytes.length,
        sha256,
      });
    expect(members['yixin']?.files.jsonl).toMatchObject({ records: 0, bytes: 0 });
    expect([members['fetion']?.sequence, members['wechat']?.sequence]).toEqual([8, 1]);
  });

  it('shows a refusal by the switch to the sender only', () => {
    const files = new MemberFiles('2026-11-22', []);
    files.add(
      { ...record, outcome: 'failed', atSwitch: true, class: null, acceptedAt: null, units: 0n },
      free,
    );
    expect(Object.keys(files.manifest([], [], new Map()).members)).toEqual(['fetion']);
  });
});
