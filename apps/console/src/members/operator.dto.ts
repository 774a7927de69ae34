/** Operators in the REST API. */
import { z } from 'zod';
import { freeText, Reason } from '../http/free-text.js';
import type { OperatorColumns } from './operators.repository.js';

export const OperatorId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,30}$/, 'expected small letters, digits and dashes');

const facts = {
  name: freeText(200),
  contact: z.string().min(3).max(500).describe('Contact for incidents: telephone number or mail address'),
};

export const NewOperator = z.object({ id: OperatorId, ...facts, reason: Reason }).meta({
  id: 'NewOperator',
  examples: [{ id: 'cmcc', name: 'China Mobile', contact: 'noc@example.cn', reason: 'applied in writing' }],
});

export const OperatorEdit = z.object({ ...facts, reason: Reason }).meta({ id: 'OperatorEdit' });

const billing = {
  legalName: z
    .object({ zh: freeText(200).nullable(), en: freeText(200).nullable() })
    .describe('Registered names of the company, as on its statements'),
  account: freeText(200)
    .nullable()
    .describe('Bank and account number, as text on the statements of its networks'),
};

/** What statements say of a company. */
export const BillingTerms = z.strictObject(billing).meta({
  id: 'BillingTerms',
  examples: [
    {
      legalName: { zh: '中国移动通信集团有限公司', en: 'China Mobile Group Co., Ltd.' },
      account: '招商银行 755900000000001',
    },
  ],
});
export type BillingTerms = z.infer<typeof BillingTerms>;

export const NewBilling = z.object({ terms: BillingTerms, reason: Reason }).meta({ id: 'NewBilling' });

export const OperatorView = z
  .object({
    id: z.string().max(4000),
    ...facts,
    ...billing,
    networks: z.array(z.string().max(40)).max(1000),
    version: z.int(),
    createdAt: z.string().max(40),
  })
  .meta({ id: 'OperatorView' });
export type OperatorView = z.infer<typeof OperatorView>;

export function operatorView(row: OperatorColumns): OperatorView {
  const { id, name, contact, account, networks, version } = row;
  return {
    id,
    name,
    contact,
    legalName: { zh: row.legal_name_zh, en: row.legal_name_en },
    account,
    networks,
    version,
    createdAt: row.created_at.toISOString(),
  };
}
