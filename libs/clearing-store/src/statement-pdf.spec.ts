/** The PDF of a statement, read back. */
import type { StatementLine } from '#clearing';
import { textOfPages, withoutSpace } from '../../../test/support/pdf-text.js';
import type { Statement } from './read-statement.js';
import { statementPdf } from './statement-pdf.js';

const CHECKSUM = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const HUB_COMPANY = {
  zh: '互通交换中心有限公司',
  en: 'Hutong Exchange Ltd.',
  account: '中国银行 1234567890',
};
const FETION_COMPANY = {
  zh: '北京神州泰岳软件股份有限公司',
  en: 'Ultrapower Software Co., Ltd.',
  account: '招商银行北京分行 755900000000001',
};
const ADJUSTMENT = '0194f3a2-8d02-7c11-8a44-51b7e09d3f2c';
const TEXT = `difference of 2026-11-20: 重复计费两次, billed twice ${'and a long explanation '.repeat(40)}END`;

function line(more: Partial<StatementLine>): StatementLine {
  return {
    party: 'fetion',
    counterparty: 'wechat',
    kind: 'termination',
    class: 'message',
    direction: 'out',
    units: 1n,
    records: 1,
    amount: -30_000n,
    adjustment: null,
    ...more,
  };
}

function statementOf(lines: StatementLine[], more: Partial<Statement> = {}): Statement {
  return {
    date: '2026-11-22',
    party: 'fetion',
    number: 'HT20261122-fetion',
    companies: new Map([
      ['hub', HUB_COMPANY],
      ['fetion', FETION_COMPANY],
      ['wechat', { zh: '深圳市腾讯计算机系统有限公司', en: 'Tencent', account: 'an account of a rival' }],
    ]),
    period: {
      startsAt: new Date('2026-11-21T15:00:00Z'),
      endsAt: new Date('2026-11-22T15:00:00Z'),
      zone: 'Asia/Shanghai',
      dueOn: '2026-12-02',
    },
    opening: 1_234_567_000_000n,
    paid: -1_000_000_000n,
    overdue: 0n,
    lines,
    adjustments: [],
    position: -5_000_500_000n,
    closing: 1_230_566_500_000n,
    ...more,
  };
}

test('a bank finds the names of both parties, accounts, period, balances and due date', async () => {
  const [page = ''] = await textOfPages(await statementPdf(statementOf([line({})]), CHECKSUM));
  for (const part of [
    'HT20261122-fetion',
    HUB_COMPANY.zh,
    HUB_COMPANY.en,
    HUB_COMPANY.account,
    FETION_COMPANY.zh,
    FETION_COMPANY.en,
    FETION_COMPANY.account,
    '2026-11-21 23:00:00 – 2026-11-22 23:00:00 (Asia/Shanghai)',
    '期初余额',
    '1,234,567.000000',
    'to pay on 2026-12-02',
    '-5,000.500000',
    '期末余额 Closing balance',
    '1,230,566.500000',
    'wechat 深圳市腾讯计算机系统有限公司 Tencent',
    'CNY (yuan)',
    '1 / 1',
    CHECKSUM,
  ])
    expect(page).toContain(withoutSpace(part));
  expect(page).not.toContain(withoutSpace('an account of a rival'));
});

test('many lines take several pages, each with the head of the table, its number and the checksum', async () => {
  const lines = Array.from({ length: 120 }, (_, n) =>
    line({ counterparty: `network-${n}`, units: 1_234_567n }),
  );
  const pages = await textOfPages(await statementPdf(statementOf(lines), CHECKSUM));
  expect(pages.length).toBeGreaterThan(2);
  pages.forEach((page, index) => {
    expect(page).toContain(`${index + 1}/${pages.length}`);
    expect(page).toContain(CHECKSUM);
    expect(page).toContain('金额amount,CNY');
  });
  const whole = pages.join('');
  lines.forEach(({ counterparty }) => expect(whole).toContain(counterparty));
  expect(whole.split('1,234,567').length - 1).toBeGreaterThanOrEqual(120);
});

test('an adjustment has its whole text, in Chinese too', async () => {
  const lines = [line({ kind: 'adjustment', class: null, amount: 250_000n, adjustment: ADJUSTMENT })];
  const adjustments = [{ id: ADJUSTMENT, reference: 'wrOKBB5lLg5y', text: TEXT }];
  const pages = await textOfPages(await statementPdf(statementOf(lines, { adjustments }), CHECKSUM));
  const whole = pages.join('');
  expect(whole).toContain(withoutSpace(`${ADJUSTMENT}, record wrOKBB5lLg5y: ${TEXT}`));
  expect(whole).toContain('0.250000CNY');
});

test('a day before companies were registered has no names, and says so with dashes', async () => {
  const bare = statementOf([], { companies: new Map(), period: undefined, opening: 0n, paid: 0n });
  const [page = ''] = await textOfPages(await statementPdf(bare, CHECKSUM));
  expect(page).toContain('到期日Duedate–');
  expect(page).toContain('Therearenochargesonthisday');
});

test('the bytes repeat, and most of the font stays out of the file', async () => {
  const first = await statementPdf(statementOf([line({})]), CHECKSUM);
  expect(await statementPdf(statementOf([line({})]), CHECKSUM)).toEqual(first);
  expect(first.length).toBeLessThan(200_000);
});
