/** Amounts in yuan come as decimal strings; they are never made numbers, which would round them. */
export function yuan(amount: string): string {
  const [, sign, whole, fraction] = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  if (whole === undefined) return amount;
  const grouped = whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
  const decimals = (fraction ?? '').replace(/0+$/, '').padEnd(2, '0');
  return `${sign === '-' ? '−' : ''}¥${grouped}.${decimals}`;
}
