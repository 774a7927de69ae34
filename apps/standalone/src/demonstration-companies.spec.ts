import { companyOf, EXCHANGE_COMPANY } from './demonstration-companies.js';
import { NETWORKS } from './networks.js';

const companies = [EXCHANGE_COMPANY, ...NETWORKS.map(companyOf)];

it('has a company for each network, which says in both languages that it is simulated', () => {
  expect(new Set(companies.map(({ id }) => id)).size).toBe(companies.length);
  for (const { legalName } of companies) {
    expect(legalName.zh).toMatch(/演示.*（模拟）$/);
    expect(legalName.en).toMatch(/Demonstration .*\(simulated\)$/);
  }
});

it('has ids that the registry takes, and addresses that reach nobody', () => {
  for (const { id, contact } of companies) {
    expect(id).toMatch(/^[a-z][a-z0-9-]{1,30}$/);
    expect(contact).toMatch(/\.invalid$/);
  }
});
