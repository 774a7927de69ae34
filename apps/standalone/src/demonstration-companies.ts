/** Companies of the networks of this machine, so that their statements have names. All of them are simulated, and say so. */
import type { NetworkManifest } from '#network-manifest';

export interface Company {
  /** Id of the operator in the registry. */
  id: string;
  name: string;
  contact: string;
  legalName: { zh: string; en: string };
  /** Bank and account number, as text. */
  account: string;
}

const CONTACT = 'nobody@standalone.invalid';

/** The issuer of statements is the operator with this id. */
export const EXCHANGE_COMPANY: Company = {
  id: 'hub',
  name: 'Hutong, demonstration',
  contact: CONTACT,
  legalName: { zh: '胡同互通演示中心（模拟）', en: 'Hutong Demonstration Exchange (simulated)' },
  account: '演示银行 Demonstration Bank, account hub',
};

/** The company that runs a network of `npm start`. */
export function companyOf({ slug, name, standalone }: NetworkManifest): Company {
  const shown = standalone?.look?.name ?? { zh: slug, en: name };
  return {
    id: `demo-${slug}`,
    name: `${shown.en}, demonstration`,
    contact: CONTACT,
    legalName: {
      zh: `${shown.zh}网络演示公司（模拟）`,
      en: `${shown.en} Demonstration Company (simulated)`,
    },
    account: `演示银行 Demonstration Bank, account ${slug}`,
  };
}
