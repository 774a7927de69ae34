/** Amounts in yuan come as decimal strings; they are never made numbers, which would round them. */
export function yuan(amount: string): string {
  const [, sign, whole, fraction] = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  if (whole === undefined) return amount;
  const grouped = whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
  const decimals = (fraction ?? '').replace(/0+$/, '').padEnd(2, '0');
  return `${sign === '-' ? '−' : ''}¥${grouped}.${decimals}`;
}

const PLACES = 6;

/** Exact sum of decimal strings with at most six places. */
export function sumOf(amounts: readonly string[]): string {
  const sum = amounts.reduce((total, amount) => total + millionths(amount), 0n);
  const digits = String(sum < 0n ? -sum : sum).padStart(PLACES + 1, '0');
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
}

/** Whether two amounts are the same, however they are written: 0.03 and 0.030. */
export function sameAmount(one: string, other: string): boolean {
  return isAmount(one) && isAmount(other) ? millionths(one) === millionths(other) : one === other;
}

const AMOUNT = /^-?\d+(\.\d{1,6})?$/;

function isAmount(text: string): boolean {
  return AMOUNT.test(text);
}

function millionths(amount: string): bigint {
  if (!isAmount(amount)) return 0n;
  const [whole = '', fraction = ''] = amount.replace('-', '').split('.');
  const size = BigInt(whole + fraction.padEnd(PLACES, '0'));
  return amount.startsWith('-') ? -size : size;
}
